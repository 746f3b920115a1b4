-- 002.sql: which hours each source covers, and the views that people ask; their columns stay.

-- Records by hour (0-23 of the zone) and kind (0 proxy, 1 dns).
CREATE TABLE covered(source INTEGER NOT NULL, day INTEGER NOT NULL, hour INTEGER NOT NULL,
                     kind INTEGER NOT NULL, records INTEGER NOT NULL,
                     PRIMARY KEY(source, day, hour, kind)) WITHOUT ROWID;

-- A measure is NULL where no log could give it. Times are UTC.
CREATE VIEW usage(day, user, department, app, tenant, kind, role, queries, requests, denied,
                  bytes_up, bytes_down, active_minutes, first_seen, last_seen, hosts, evidence) AS
SELECT date(c.day * 86400, 'unixepoch'), u.name, u.department, a.app, t.name,
       iif(c.class < 4, 'proxy', 'dns'),
       CASE c.class % 4 WHEN 0 THEN 'embed' WHEN 1 THEN 'shared' WHEN 2 THEN 'content'
                        ELSE 'service' END,
       iif(c.class < 4, NULL, c.passed), iif(c.class < 4, c.passed, NULL),
       iif(c.carried_verdict = 0, NULL, c.denied),
       iif(c.carried_up = 0 AND (c.class > 3 OR c.passed > 0), NULL, c.bytes_up),
       iif(c.carried_down = 0 AND (c.class > 3 OR c.passed > 0), NULL, c.bytes_down), c.minutes,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.day * 86400 + c.first_us / 1000000, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', c.day * 86400 + (c.first_us + c.span_us) / 1000000,
                'unixepoch'),
       c.hosts, r.name || ':' || c.line
FROM cell AS c JOIN user AS u ON u.id = c.user JOIN app AS a ON a.id = c.app
     JOIN tenant AS t ON t.id = c.tenant JOIN archive AS r ON r.id = c.archive;

CREATE VIEW users(user, department) AS SELECT name, department FROM user;

CREATE VIEW apps(app, app_name, category, vendor, managed) AS
SELECT app, name, category, vendor, managed FROM app;

CREATE VIEW archives(archive, source, format, packing, damage, from_bytes, content_bytes,
                     file_bytes, sha256, lines, records, skipped, rejected, matched, unmatched,
                     excluded, filtered, challenged, first_record, last_record, year, ingested,
                     signatures, version) AS
SELECT a.name, s.name, a.format, a.packing, a.damage, a.from_bytes, a.content_bytes, a.file_bytes,
       a.sha256, a.lines, a.records, a.skipped, a.rejected, a.matched, a.unmatched, a.excluded,
       a.filtered, a.challenged,
       strftime('%Y-%m-%dT%H:%M:%SZ', a.first_us / 1000000, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', a.last_us / 1000000, 'unixepoch'),
       nullif(a.year, 0), strftime('%Y-%m-%dT%H:%M:%SZ', a.taken_s, 'unixepoch'), a.signatures,
       a.version
FROM archive AS a JOIN source AS s ON s.id = a.source;

CREATE VIEW coverage(source, day, hour, kind, records) AS
SELECT s.name, date(c.day * 86400, 'unixepoch'), c.hour, iif(c.kind = 0, 'proxy', 'dns'), c.records
FROM covered AS c JOIN source AS s ON s.id = c.source;
