-- 009.sql: marks of a cell. 1 bytes_up, 2 bytes_down: one of its archives could give them, whether its
-- records carry them or not, so that a row of refusals has 0 bytes up where any of its logs counts them,
-- and none else. 4: a tunnel began in it that was counted on a later day.
ALTER TABLE cell ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;
UPDATE cell SET marks = coalesce(
    (SELECT (' ' || a.fields || ' ' LIKE '% bytes_up %') +
            2 * (' ' || a.fields || ' ' LIKE '% bytes_down %')
     FROM archive AS a WHERE a.id = cell.archive), 0) +
    4 * (class < 4 AND passed = 0 AND denied = 0 AND minutes > 0);

DROP VIEW usage;
CREATE VIEW usage(day, user, department, app, tenant, kind, role, queries, requests, denied,
                  bytes_up, bytes_down, active_minutes, first_seen, last_seen, hosts, evidence) AS
SELECT date(c.day * 86400, 'unixepoch'), u.name,
       coalesce((SELECT d.name FROM member AS m JOIN department AS d ON d.id = m.department
                 WHERE m.day = c.day AND m.user = c.user), ''),
       a.app, t.name, iif(c.class < 4, 'proxy', 'dns'),
       CASE c.class % 4 WHEN 0 THEN 'embed' WHEN 1 THEN 'shared' WHEN 2 THEN 'content'
                        ELSE 'service' END,
       iif(c.class < 4, NULL, c.passed), iif(c.class < 4, c.passed, NULL),
       iif(c.carried_verdict = 0, NULL, c.denied),
       iif(c.carried_up = 0 AND (c.passed > 0 OR c.class > 3 OR c.marks & 1 = 0), NULL, c.bytes_up),
       iif(c.carried_down = 0 AND (c.passed > 0 OR c.class > 3 OR c.marks & 2 = 0), NULL,
           c.bytes_down),
       iif(c.bare > 0 AND c.minutes = 0, NULL, c.minutes),
       strftime('%Y-%m-%dT%H:%M:%SZ', c.day * 86400 + c.first_us / 1000000, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', c.day * 86400 + (c.first_us + c.span_us) / 1000000,
                'unixepoch'),
       c.hosts, iif(c.first_us IS NULL, NULL, r.name || ':' || c.line)
FROM cell AS c JOIN user AS u ON u.id = c.user JOIN app AS a ON a.id = c.app
     JOIN tenant AS t ON t.id = c.tenant JOIN archive AS r ON r.id = c.archive;
