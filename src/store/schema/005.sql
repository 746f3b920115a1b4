-- 005.sql: cells that a signature of a later day brought out of the detail: of bare records neither
-- bytes nor times are known.
ALTER TABLE cell ADD COLUMN bare INTEGER NOT NULL DEFAULT 0;

-- What was counted by another catalogue: records that came into the cells and that left them, so that
-- the sums of the ledger hold.
CREATE TABLE reclassified(id INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, signatures TEXT NOT NULL,
                          hosts INTEGER NOT NULL, came INTEGER NOT NULL, went INTEGER NOT NULL);

DROP VIEW usage;
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
