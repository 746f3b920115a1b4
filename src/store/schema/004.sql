-- 004.sql: what was asked for beside the cells: hosts with their users for some weeks, so that a
-- signature of today can be laid on them, and the domains that no signature knew.

-- A host of a day, apart by how it was counted: kind (0 proxy, 1 dns), role, app and tenant (0: none),
-- flags (1 by a rule, 2 by the destination's network, 4 the log can say "denied", 8 no app by a
-- signature). Its users stand in pairs, packed. archive is one that the host stands in.
CREATE TABLE detail(
    day INTEGER NOT NULL, host TEXT NOT NULL, kind INTEGER NOT NULL, role INTEGER NOT NULL,
    app INTEGER NOT NULL, tenant INTEGER NOT NULL, flags INTEGER NOT NULL,
    archive INTEGER NOT NULL, passed INTEGER NOT NULL, denied INTEGER NOT NULL,
    users INTEGER NOT NULL, pairs BLOB NOT NULL,
    PRIMARY KEY(day, host, kind, role, app, tenant, flags)) WITHOUT ROWID;

-- The same by registrable domain, of hosts that no signature knows; flags as above.
CREATE TABLE unmatched(
    day INTEGER NOT NULL, domain TEXT NOT NULL, kind INTEGER NOT NULL, flags INTEGER NOT NULL,
    archive INTEGER NOT NULL, passed INTEGER NOT NULL, denied INTEGER NOT NULL,
    users INTEGER NOT NULL, pairs BLOB NOT NULL,
    PRIMARY KEY(day, domain, kind, flags)) WITHOUT ROWID;

-- users are distinct ones of that day; NULL where rows with and without a verdict meet.
CREATE VIEW unknown(day, domain, kind, users, queries, requests, denied) AS
SELECT date(day * 86400, 'unixepoch'), domain, iif(kind = 0, 'proxy', 'dns'),
       iif(count(*) = 1, max(users), NULL),
       iif(kind = 0, NULL, sum(passed)), iif(kind = 0, sum(passed), NULL),
       iif(max(flags & 4) = 0, NULL, sum(denied))
FROM unmatched GROUP BY day, domain, kind;

CREATE VIEW hosts(day, host, app, tenant, kind, role, users, queries, requests, denied) AS
SELECT date(d.day * 86400, 'unixepoch'), d.host, a.app, t.name, iif(d.kind = 0, 'proxy', 'dns'),
       iif(d.app = 0, NULL, CASE d.role WHEN 0 THEN 'embed' WHEN 1 THEN 'shared'
                                        WHEN 2 THEN 'content' ELSE 'service' END),
       iif(count(*) = 1, max(d.users), NULL),
       iif(d.kind = 0, NULL, sum(d.passed)), iif(d.kind = 0, sum(d.passed), NULL),
       iif(max(d.flags & 4) = 0, NULL, sum(d.denied))
FROM detail AS d LEFT JOIN app AS a ON a.id = d.app LEFT JOIN tenant AS t ON t.id = d.tenant
GROUP BY d.day, d.host, d.kind, d.role, d.app, d.tenant;
