// `node write-ahead.cjs DIRECTORY NAME…`: creates missing SQLite databases, and sets all of them to write-ahead
// logging, which Backstage keeps. Without it, each commit and the whole backend wait for the disk about four times,
// and the catalog takes minutes for a large fleet. The price, losing the last moments before a power failure, does
// not matter to a demo. The database of the plugin is not among them.
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
