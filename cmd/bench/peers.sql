-- peers.sql: what a scan answers, asked of DuckDB: requests, refusals and bytes a user and app of Squid logs.
-- The signatures: domain, app, role; tab separated. Lines are cut behind the stamp, which has 14 bytes, and the
-- blanks before the duration. Apps are looked up once a host, in the longest name that covers it ('=host' is
-- longer by its sign).
WITH line AS (
    SELECT string_split(ltrim(substr(line, 15)), ' ') AS part
    FROM read_csv($logs, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = chr(1),
                  quote = '', escape = '')
), request AS (
    SELECT part[7] AS "user", part[3] LIKE 'TCP_DENIED%' AS refused, part[4]::BIGINT AS bytes,
        CASE part[5] WHEN 'CONNECT' THEN split_part(part[6], ':', 1) ELSE split_part(part[6], '/', 3) END AS host
    FROM line
    WHERE part[3] <> 'TCP_DENIED/407'
), visit AS MATERIALIZED (
    SELECT "user", host, count(*) FILTER (NOT refused) AS requests, count(*) FILTER (refused) AS denied,
        coalesce(sum(bytes) FILTER (NOT refused), 0) AS bytes
    FROM request
    GROUP BY ALL
), host AS (
    SELECT host, string_split(host, '.') AS label FROM (SELECT DISTINCT host FROM visit)
), covering AS (
    SELECT host, '=' || host AS domain FROM host
    UNION ALL
    SELECT host, array_to_string(label[place:], '.')
    FROM (SELECT host, label, unnest(range(1, len(label) + 1)) AS place FROM host)
), known AS (
    SELECT host, arg_max(app, length(domain)) AS app, arg_max(role, length(domain)) = 'embed' AS embedded
    FROM covering
    JOIN read_csv($signatures, columns = {'domain': 'VARCHAR', 'app': 'VARCHAR', 'role': 'VARCHAR'}, header = false,
                  auto_detect = false, delim = chr(9), quote = '', escape = '') USING (domain)
    GROUP BY host
)
SELECT "user", app, embedded::INTEGER, sum(requests), sum(denied), sum(bytes)
FROM visit
JOIN known USING (host)
WHERE app <> '-'
GROUP BY "user", app, embedded
