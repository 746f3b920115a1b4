-- 012.sql: 16 bits a line of long archives instead of 4, so that no new line passes for a known one;
-- and samples are the same hashes. Of earlier archives there are none: what shares lines with them
-- counts twice, unless it is the same or has grown.
DELETE FROM prints WHERE width = 4;
DELETE FROM sample;

-- Sum of the whole hashes, 0 where it is not known: an archive that is others put in another order
-- has theirs.
ALTER TABLE prints ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
