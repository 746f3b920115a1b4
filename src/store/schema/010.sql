-- 010.sql: the lines of every archive as a few bits each, so that those which come again, in a part of
-- it or put together with others, do not count again; and what became of a last line without its end.

-- Bits of the lines that were counted, width bits a line (io/prints.h).
CREATE TABLE prints(archive INTEGER PRIMARY KEY, width INTEGER NOT NULL, lines INTEGER NOT NULL,
                    bits BLOB NOT NULL);

-- 1: the last line had no end and was counted.
ALTER TABLE archive ADD COLUMN open_end INTEGER NOT NULL DEFAULT 0;
CREATE INDEX archive_last ON archive(last_us);
