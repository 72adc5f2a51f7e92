import type { Migration } from './list.ts';

/** The tables as they first were. Times are milliseconds since 1970. */
export const tables: Migration = {
  version: 1,
  name: 'tables',
  up(db) {
    db.exec(`
      CREATE TABLE roots (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        added_at REAL NOT NULL
      ) STRICT;

      -- One file below a root, and where reading it goes on.
      CREATE TABLE sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        root_id INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        format TEXT NOT NULL,
        generation INTEGER NOT NULL DEFAULT 0,
        device REAL NOT NULL DEFAULT 0,
        inode REAL NOT NULL DEFAULT 0,
        size REAL NOT NULL DEFAULT 0,
        "offset" REAL NOT NULL DEFAULT 0,
        marker TEXT NOT NULL DEFAULT '',
        mtime REAL NOT NULL DEFAULT 0,
        reader TEXT,
        grew_at REAL,
        facts TEXT NOT NULL DEFAULT '{}',
        state TEXT,
        gone INTEGER NOT NULL DEFAULT 0,
        problems_left_out INTEGER NOT NULL DEFAULT 0,
        -- Config, facts and state of a last line without its newline (JSON), shown until the next commit.
        provisional TEXT,
        UNIQUE (root_id, path)
      ) STRICT;

      CREATE TABLE series (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        generation INTEGER NOT NULL,
        -- The hinted split, '' without one: the same name may be logged for several.
        split TEXT NOT NULL,
        name TEXT NOT NULL,
        hints TEXT NOT NULL,
        count INTEGER NOT NULL DEFAULT 0,
        non_finite INTEGER NOT NULL DEFAULT 0,
        segments TEXT NOT NULL DEFAULT '[]',
        -- First, last, least and greatest point and the state of the axes: 24 doubles, see marks.ts.
        marks BLOB NOT NULL,
        UNIQUE (source_id, generation, split, name)
      ) STRICT;

      -- Sealed chunks: points 4096 * number and following, never changed. "fine" and tops.data are the pyramid, see pyramid.ts.
      CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        fine BLOB NOT NULL,
        data BLOB NOT NULL,
        UNIQUE (series_id, number)
      ) STRICT;

      -- The upper level of the pyramid, apart: all of a series is read when it is first drawn.
      CREATE TABLE tops (
        series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (series_id, number)
      ) STRICT, WITHOUT ROWID;

      -- What is not sealed yet: blocks in the order of arrival, so that a commit to many series writes few pages.
      CREATE TABLE tails (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
        start INTEGER NOT NULL,
        count INTEGER NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
      CREATE INDEX tails_of_series ON tails (series_id, start);

      -- Points of a last line without its newline: shown after the others, dropped by the next commit of the source.
      CREATE TABLE provisional (
        series_id INTEGER PRIMARY KEY REFERENCES series (id) ON DELETE CASCADE,
        source_id INTEGER NOT NULL,
        count INTEGER NOT NULL,
        restarts TEXT NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
      CREATE INDEX provisional_of_source ON provisional (source_id);

      CREATE TABLE config (
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (source_id, key)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE problems (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
        generation INTEGER NOT NULL,
        provisional INTEGER NOT NULL DEFAULT 0,
        "offset" REAL NOT NULL,
        text TEXT NOT NULL,
        at REAL NOT NULL
      ) STRICT;
      CREATE INDEX problems_of_source ON problems (source_id);

      CREATE TABLE documents (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (kind, key)
      ) STRICT;

      CREATE TABLE devices (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
      ) STRICT;

      -- Machine samples: the newest one a row (count 1, JSON), older ones in blocks of columns.
      CREATE TABLE samples (
        id INTEGER PRIMARY KEY,
        device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        until REAL NOT NULL,
        count INTEGER NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
      CREATE INDEX samples_begin ON samples (device_id, at);
      CREATE INDEX samples_end ON samples (device_id, until);
      CREATE INDEX samples_single ON samples (device_id) WHERE count = 1;
    `);
  },
};
