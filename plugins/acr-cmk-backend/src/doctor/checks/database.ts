import type { DoctorLine } from 'backstage-plugin-acr-cmk-common';
import { type Check, line, NEEDS_BACKEND, ok, plural } from '../check';

/** Checks the migrations, and that a row can be written. */
export const database: Check = {
  id: 'database',
  title: 'The database is usable',
  async run({ backend }) {
    if (!backend) return [...NEEDS_BACKEND];
    const { client, migrations, tryWrite } = backend.database;
    const { done, pending } = await migrations();
    const schema: DoctorLine =
      pending.length > 0
        ? line(
            'failed',
            `${plural(
              pending.length,
              'migration has',
              'migrations have',
            )} not run: ${pending.join(', ')}.`,
            'Start the backend with a database user that may change tables, or run the migrations yourself when they are skipped (backend.database.skipMigrations).',
          )
        : ok(`${client}, ${plural(done.length, 'migration')} done.`);
    try {
      await tryWrite();
      return [schema, ok('A row can be written (and was rolled back).')];
    } catch (error) {
      return [
        schema,
        line(
          'failed',
          `A row cannot be written: ${(error as Error).message}`,
          'Give the database user of the backend the right to write, and check that the disk is not full.',
        ),
      ];
    }
  },
};
