-- 007.sql: cells in the order of their apps, so that questions about an app need not pass over all
-- others; and sums over all users.
DROP VIEW usage;
CREATE TABLE ordered(
    day INTEGER NOT NULL, user INTEGER NOT NULL, app INTEGER NOT NULL, tenant INTEGER NOT NULL,
    class INTEGER NOT NULL,
    passed INTEGER NOT NULL, denied INTEGER NOT NULL,
    bytes_up INTEGER NOT NULL, bytes_down INTEGER NOT NULL,
    carried_up INTEGER NOT NULL, carried_down INTEGER NOT NULL, carried_verdict INTEGER NOT NULL,
    bare INTEGER NOT NULL,
    first_us INTEGER, span_us INTEGER, archive INTEGER NOT NULL, line INTEGER NOT NULL,
    minutes INTEGER NOT NULL, minute_set BLOB NOT NULL,
    hosts INTEGER NOT NULL, host_set BLOB NOT NULL,
    PRIMARY KEY(day, app, user, tenant, class)) WITHOUT ROWID;
INSERT INTO ordered
SELECT day, user, app, tenant, class, passed, denied, bytes_up, bytes_down, carried_up, carried_down,
       carried_verdict, bare, first_us, span_us, archive, line, minutes, minute_set, hosts, host_set
FROM cell ORDER BY day, app, user, tenant, class;
DROP TABLE cell;
ALTER TABLE ordered RENAME TO cell;

-- What all users together did with an app in a day, embedded records apart; of days that are not in
-- unrolled. Sums are packed as rollup.h says.
CREATE TABLE rollup(
    app INTEGER NOT NULL, day INTEGER NOT NULL, embedded INTEGER NOT NULL,
    sums BLOB NOT NULL, users BLOB NOT NULL, hosts BLOB NOT NULL, tenants BLOB NOT NULL,
    PRIMARY KEY(app, day, embedded)) WITHOUT ROWID;
CREATE TABLE unrolled(day INTEGER PRIMARY KEY);
INSERT INTO unrolled SELECT DISTINCT day FROM cell;

CREATE VIEW usage(day, user, department, app, tenant, kind, role, queries, requests, denied,
                  bytes_up, bytes_down, active_minutes, first_seen, last_seen, hosts, evidence) AS
SELECT date(c.day * 86400, 'unixepoch'), u.name, u.department, a.app, t.name,
       iif(c.class < 4, 'proxy', 'dns'),
       CASE c.class % 4 WHEN 0 THEN 'embed' WHEN 1 THEN 'shared' WHEN 2 THEN 'content'
                        ELSE 'service' END,
       iif(c.class < 4, NULL, c.passed), iif(c.class < 4, c.passed, NULL),
       iif(c.carried_verdict = 0, NULL, c.denied),
       iif(c.carried_up = 0 AND (c.class > 3 OR c.passed > 0), NULL, c.bytes_up),
       iif(c.carried_down = 0 AND (c.class > 3 OR c.passed > 0), NULL, c.bytes_down),
       iif(c.bare > 0 AND c.minutes = 0, NULL, c.minutes),
       strftime('%Y-%m-%dT%H:%M:%SZ', c.day * 86400 + c.first_us / 1000000, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', c.day * 86400 + (c.first_us + c.span_us) / 1000000,
                'unixepoch'),
       c.hosts, iif(c.first_us IS NULL, NULL, r.name || ':' || c.line)
FROM cell AS c JOIN user AS u ON u.id = c.user JOIN app AS a ON a.id = c.app
     JOIN tenant AS t ON t.id = c.tenant JOIN archive AS r ON r.id = c.archive;
