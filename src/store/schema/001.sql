-- 001.sql: the first schema. Tables are in the singular and may change with the program; the views
-- (002.sql) are what people ask.
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Names that cells refer to by number. A user of another department is another user here.
CREATE TABLE user(id INTEGER PRIMARY KEY, name TEXT NOT NULL, department TEXT NOT NULL,
                  UNIQUE(name, department));
CREATE TABLE tenant(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE host(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- The catalogue as it was when the app was last counted.
CREATE TABLE app(id INTEGER PRIMARY KEY, app TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
                 category TEXT NOT NULL, vendor TEXT NOT NULL, managed TEXT NOT NULL);

-- The ledger: a row for every piece of content that was counted. Digests are XXH3-128 of the lines
-- as they were read: of all content from its begin, of its whole lines, of its first line.
CREATE TABLE archive(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, source INTEGER NOT NULL, format TEXT NOT NULL,
    fields TEXT NOT NULL, packing TEXT NOT NULL, damage TEXT NOT NULL,
    from_bytes INTEGER NOT NULL, content_bytes INTEGER NOT NULL, content_digest BLOB NOT NULL,
    whole_bytes INTEGER NOT NULL, whole_digest BLOB NOT NULL, first_line BLOB NOT NULL,
    file_bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
    lines INTEGER NOT NULL, records INTEGER NOT NULL, skipped INTEGER NOT NULL,
    rejected INTEGER NOT NULL, matched INTEGER NOT NULL, unmatched INTEGER NOT NULL,
    excluded INTEGER NOT NULL, filtered INTEGER NOT NULL, challenged INTEGER NOT NULL,
    first_us INTEGER, last_us INTEGER, year INTEGER NOT NULL,
    taken_s INTEGER NOT NULL, signatures TEXT NOT NULL, version TEXT NOT NULL,
    overlaps TEXT NOT NULL);
CREATE INDEX archive_content ON archive(content_digest);
CREATE INDEX archive_first_line ON archive(first_line, whole_bytes);

-- Bytes on disk whose content is in the ledger, and as a cache of it where they lay.
CREATE TABLE packed(digest BLOB NOT NULL, bytes INTEGER NOT NULL,
                    PRIMARY KEY(bytes, digest)) WITHOUT ROWID;
CREATE TABLE file(device INTEGER NOT NULL, inode INTEGER NOT NULL, bytes INTEGER NOT NULL,
                  changed_ns INTEGER NOT NULL, status_ns INTEGER NOT NULL,
                  PRIMARY KEY(inode, device)) WITHOUT ROWID;

-- What one user did with one app and tenant in one day, apart by class: 4 * kind + role.
-- first_us counts from the day's begin in UTC (the day is one of the report zone), span_us from
-- first_us; both are NULL where no record fell into the cell.
CREATE TABLE cell(
    day INTEGER NOT NULL, user INTEGER NOT NULL, app INTEGER NOT NULL, tenant INTEGER NOT NULL,
    class INTEGER NOT NULL,
    passed INTEGER NOT NULL, denied INTEGER NOT NULL,
    bytes_up INTEGER NOT NULL, bytes_down INTEGER NOT NULL,
    carried_up INTEGER NOT NULL, carried_down INTEGER NOT NULL, carried_verdict INTEGER NOT NULL,
    first_us INTEGER, span_us INTEGER, archive INTEGER NOT NULL, line INTEGER NOT NULL,
    minutes INTEGER NOT NULL, minute_set BLOB NOT NULL,
    hosts INTEGER NOT NULL, host_set BLOB NOT NULL,
    PRIMARY KEY(day, user, app, tenant, class)) WITHOUT ROWID;

-- Days for which a proxy log was read.
CREATE TABLE proxy_day(day INTEGER PRIMARY KEY);

-- What was done to the store beside reading archives.
CREATE TABLE event(id INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, what TEXT NOT NULL);

-- Days that were taken out: cells before them and the records these had counted.
CREATE TABLE purge(id INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, before_day INTEGER NOT NULL,
                   cells INTEGER NOT NULL, records INTEGER NOT NULL);
