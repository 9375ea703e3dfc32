// Time that nobody waits for: what the backend remembers of its digests is moved back in its database.
import Database from 'better-sqlite3';
import { join } from 'node:path';

const NAME = 'notifications-digests';
const HOUR_MS = 60 * 60_000;
/** The backend writes to the same file. */
const LOCKED_MS = 30_000;

/** For the digests of a portal that keeps its databases in this directory, an hour passes. */
export function passHourForDigests(databaseDirectory) {
  withState(databaseDirectory, (db, { value, at }) => {
    const state = JSON.parse(value);
    if (state.begunAt > 0) state.begunAt -= HOUR_MS;
    db.prepare('update sync_state set value = ?, at = ? where name = ?').run(
      JSON.stringify(state),
      at - HOUR_MS,
      NAME,
    );
  });
}

/** When digests were begun last, epoch milliseconds; 0: never. */
export function digestsBegunAt(databaseDirectory) {
  return withState(
    databaseDirectory,
    (_db, { value }) => JSON.parse(value).begunAt,
  );
}

function withState(databaseDirectory, use) {
  const db = new Database(join(databaseDirectory, 'acr-cmk.sqlite'), {
    timeout: LOCKED_MS,
  });
  try {
    return db
      .transaction(() =>
        use(
          db,
          db
            .prepare('select value, at from sync_state where name = ?')
            .get(NAME),
        ),
      )
      .immediate();
  } finally {
    db.close();
  }
}
