/**
 * What the first release has left: its database with operations that wait, and the Azure that they are
 * about. `scripts/make-upgrade-fixtures.mjs` has that release write both.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, startEmulator } from 'azure-emulator';
import type { Knex } from 'knex';
import type { TestDatabase } from './databases';

const FOLDER = join(__dirname, '../database/__fixtures__/first-release');

/** How the operations wait. */
export type Waiting =
  | 'temporary revoke'
  | 'converging'
  | 'half done'
  | 'waiting period'
  | 'waiting for approval'
  | 'shared key, waiting for approval'
  | 'not begun';

type Row = Record<string, unknown>;

export interface Leftovers {
  /** ISO 8601. */
  takenAt: string;
  /** Ids. */
  operations: Record<Waiting, string>;
  /** The statements that made the tables. */
  schema: string[];
  tables: Record<string, Row[]>;
  /** The emulator's state. */
  azure: unknown;
}

export function leftoversOf({ name }: Pick<TestDatabase, 'name'>): Leftovers {
  const file = join(FOLDER, `${name.toLowerCase()}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Times by the database's clock. Those of the audit record are under its hashes. */
const TIMES: Record<string, string[]> = {
  facts: ['observed_at', 'expired_at', 'problem_at'],
  plans: ['expires_at'],
  operations: [
    'created_at',
    'started_at',
    'ended_at',
    'due_at',
    'lease_until',
    'approval_at',
    'approval_lapses_at',
    'begins_at',
    'restores_at',
  ],
  operation_steps: ['started_at', 'ended_at'],
};

/** A step's checkpoint, with the time since which it is retried moved by that much. */
function movedMemo(text: string, later: number): string {
  const memo = JSON.parse(text);
  return JSON.stringify(
    memo.troubleSince === undefined
      ? memo
      : { ...memo, troubleSince: memo.troubleSince + later },
  );
}

/** Tables that others refer to come first. */
const ORDER = ['plans', 'operations'];

/** Puts the database back as it was left, a moment ago. */
export async function load(db: Knex, { takenAt, schema, tables }: Leftovers) {
  const later = Date.now() - Date.parse(takenAt);
  for (const statement of schema) await db.raw(statement);
  const names = Object.keys(tables);
  for (const name of [...ORDER, ...names.filter(one => !ORDER.includes(one))]) {
    for (const row of tables[name]) {
      const moved = Object.fromEntries(
        (TIMES[name] ?? [])
          .filter(column => row[column] !== null)
          .map(column => [column, Number(row[column]) + later]),
      );
      // Knex counts its own rows by itself.
      const { id, index, ...rest } = row;
      const own = name.startsWith('knex_') ? rest : row;
      const memo = typeof row.memo === 'string' && {
        memo: movedMemo(row.memo, later),
      };
      await db(name).insert({ ...own, ...moved, ...memo });
    }
  }
}

/** The Azure of that moment, in which no time has passed since. */
export async function startAzureOf({
  azure,
  takenAt,
}: Leftovers): Promise<Emulator> {
  const dataDir = mkdtempSync(join(tmpdir(), 'azure-first-release-'));
  writeFileSync(join(dataDir, 'state.json'), JSON.stringify(azure));
  const emulator = await startEmulator({
    dataDir,
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  emulator.clock.set(Date.parse(takenAt));
  return {
    ...emulator,
    close: async () => {
      await emulator.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
