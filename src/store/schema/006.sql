-- 006.sql: cells of users without a name, cut into hours, for leases that come after the logs. An
-- entry of parts is what an archive counted in an hour, packed like the cell: counts, times, minutes,
-- hosts.
CREATE TABLE hourly(
    day INTEGER NOT NULL, user INTEGER NOT NULL, app INTEGER NOT NULL, tenant INTEGER NOT NULL,
    class INTEGER NOT NULL, parts BLOB NOT NULL,
    PRIMARY KEY(day, user, app, tenant, class)) WITHOUT ROWID;
