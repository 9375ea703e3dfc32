// Passing time for digests of notifications: moves the stored time of the last one back.
import Database from 'better-sqlite3';
import { join } from 'node:path';

const NAME = 'notifications-digests';
const HOUR_MS = 60 * 60_000;
/** Time to wait for a lock, since the backend writes to the same file. */
const LOCKED_MS = 30_000;

/** Moves the last digest of a portal an hour back. */
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

/** Start of the last digest in epoch milliseconds; 0 before the first. */
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
