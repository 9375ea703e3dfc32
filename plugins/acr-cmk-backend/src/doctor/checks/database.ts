import {
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { type Check, plural, shortened, withBackend } from '../check';
import { failed, ok, unknown } from '../lines';
import type { RunningBackend } from '../runningBackend';

const DATABASE = documentationUrl('docs/install.md#what-you-need');

/** Checks the migrations, and that a row can be written. */
export const database: Check = {
  id: 'database',
  title: 'The database is usable',
  run: withBackend(async backend => {
    const { client, migrations, tryWrite } = backend.database;
    const { done, pending } = await migrations();
    const schema: DoctorLine =
      pending.length > 0
        ? failed(
            `${plural(
              pending.length,
              'migration has',
              'migrations have',
            )} not run: ${pending.join(', ')}.`,
            `Start the backend with a database user that may change tables, or run the migrations yourself when they are skipped (backend.database.skipMigrations). See ${DATABASE}.`,
          )
        : ok(`${client}, ${plural(done.length, 'migration')} done.`);
    try {
      await tryWrite();
      return [
        schema,
        ok('A row can be written (and was rolled back).'),
        ...auditLines(backend),
      ];
    } catch (error) {
      return [
        schema,
        failed(
          `A row cannot be written: ${(error as Error).message}`,
          `Give the database user of the backend the right to write, and check that the disk is not full. See ${DATABASE}.`,
        ),
        ...auditLines(backend),
      ];
    }
  }),
};

function auditLines({ audit }: RunningBackend): DoctorLine[] {
  switch (audit.state) {
    case 'intact':
      return [ok('The audit record is intact.')];
    case 'verifying':
      return [
        unknown(
          'The audit record is not verified yet.',
          'Run the doctor again. When this stays, see the log of the backend for an error.',
        ),
      ];
    default:
      return shortened(
        audit.breaks.map(({ id, seq, why }) =>
          failed(
            `The audit record is damaged: record ${seq} ${why} (${id}).`,
            `Compare an export with the checkpoints and your backups, then sign what is known as such (${documentationUrl(
              'docs/audit.md',
            )}).`,
          ),
        ),
        'breaks',
      );
  }
}
