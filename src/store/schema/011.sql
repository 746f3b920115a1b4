-- 011.sql: networks, tenant patterns and rules that ever decided about a record: names of hosts alone
-- do not tell it. kind: 0 network, 1 tenant pattern behind its app, 2 rule.
CREATE TABLE hit(kind INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;

-- Of archives up to this one nobody noted it.
INSERT INTO setting(name, value) SELECT 'hits_after', coalesce(max(id), 0) FROM archive;
