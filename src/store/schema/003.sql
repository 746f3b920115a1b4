-- 003.sql: some lines of every archive by hash, to notice archives that share lines.
CREATE TABLE sample(hash INTEGER NOT NULL, archive INTEGER NOT NULL,
                    PRIMARY KEY(hash, archive)) WITHOUT ROWID;
