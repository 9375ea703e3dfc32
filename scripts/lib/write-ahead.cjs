// `node write-ahead.cjs DIRECTORY NAME…`: makes these databases of SQLite, unless they are there, and has
// them write ahead. Backstage opens them as they are. Without it each commit waits about four times for the
// disk, and the whole backend with it, which makes the catalog take minutes for a large fleet. What this
// gives up, the last moments before a power failure, a demo does not miss; the plugin's own database is not
// among them.
const { mkdirSync } = require('node:fs');
const { join } = require('node:path');
const Database = require('better-sqlite3');

const [directory, ...names] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
for (const name of names) {
  const db = new Database(join(directory, `${name}.sqlite`));
  db.pragma('journal_mode = WAL');
  db.close();
}
