import { KeyIdentifier, type Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { ChangeHistory } from '../domain/changeHistory';
import type { Registry } from '../domain/registry';
import type { OperationRow } from '../platform/database/tables';
import { hostOfVault } from '../inventory/rows/vaults';
import type { StepOutputs } from '../domain/steps/step';
import { lower } from '../platform/text';

/** Kinds of operations that select the version a registry uses. */
const CHANGES = ['rotate', 'automatic-rotation'];

const COLUMNS = [
  'id',
  'registry_key',
  'state',
  'ended_at',
  'plan',
  'outputs',
  'result',
] as const;
type ChangeRow = Pick<OperationRow, (typeof COLUMNS)[number]>;

/** The first row of each part of a query that ranks its rows. */
const firstOfEach = (db: Knex, ranked: Knex.QueryBuilder): Knex.QueryBuilder =>
  db.queryBuilder().from(ranked.as('ranked')).where({ place: 1 });

const outputsOf = ({ outputs }: Pick<OperationRow, 'outputs'>): StepOutputs =>
  JSON.parse(outputs);

const plannedVersion = ({ after }: Plan): string | undefined =>
  KeyIdentifier.tryParse(after.versionedKeyIdentifier)?.version;

/** Operations that explain which versions registries use, by the keys of the registries. */
export async function changesOf(
  db: Knex,
  registries: readonly Pick<Registry, 'registryId' | 'key'>[],
): Promise<Map<string, ChangeHistory>> {
  const ended = await lastChanges(
    db,
    registries.map(({ registryId }) => registryId.key),
  );
  const succeeded = ended.filter(({ state }) => state === 'succeeded');
  const failed = ended.filter(
    row =>
      row.state === 'failed' &&
      !ended.some(
        later =>
          later.registry_key === row.registry_key &&
          Number(later.ended_at) > Number(row.ended_at),
      ),
  );
  const steps =
    failed.length === 0
      ? []
      : await db('operation_steps')
          .whereIn(
            'operation_id',
            failed.map(({ id }) => id),
          )
          .where({ state: 'failed' })
          .select('operation_id', 'message');
  const histories = new Map<string, ChangeHistory>();
  const add = (key: string, change: ChangeHistory) =>
    histories.set(key, { ...histories.get(key), ...change });
  for (const row of failed) {
    const step = steps.find(each => each.operation_id === row.id);
    const { newVersion } = outputsOf(row);
    add(row.registry_key, {
      failed: {
        message:
          step?.message ?? (row.result && JSON.parse(row.result).message),
        ...(newVersion && { newVersion }),
      },
    });
  }
  for (const row of succeeded) {
    const version =
      outputsOf(row).newVersion ?? plannedVersion(JSON.parse(row.plan));
    if (version) {
      add(row.registry_key, { chosen: { version, at: Number(row.ended_at) } });
    }
  }
  for (const [key, madeForAnother] of await versionsForOthers(db, registries)) {
    add(key, { madeForAnother });
  }
  return histories;
}

/** The last change of each registry that wrote to Azure, for each state in which one ended. */
async function lastChanges(
  db: Knex,
  registryKeys: readonly string[],
): Promise<ChangeRow[]> {
  const ranked: Knex.QueryBuilder = db('operations')
    .whereIn('registry_key', [...registryKeys])
    .whereIn('kind', CHANGES)
    .whereNotNull('ended_at')
    .where('attempts', '>', 0)
    .select(
      ...COLUMNS,
      db.raw(
        'row_number() over (partition by registry_key, state order by ended_at desc, id) as place',
      ),
    );
  return firstOfEach(db, ranked);
}

/** Version of the key of each manual registry that another registry's operation made last. */
async function versionsForOthers(
  db: Knex,
  registries: readonly Pick<Registry, 'registryId' | 'key'>[],
): Promise<[registryKey: string, version: string][]> {
  const manual = registries.flatMap(({ registryId, key }) =>
    key?.version
      ? [
          {
            id: registryId.key,
            host: hostOfVault(key.vaultName),
            name: lower(key.keyName),
          },
        ]
      : [],
  );
  if (manual.length === 0) return [];
  const ranked: Knex.QueryBuilder = db.queryBuilder();
  ranked
    .from('registries')
    .join('operations', 'operations.registry_key', 'registries.id')
    .whereIn(
      ['registries.vault_host', 'registries.key_name'],
      manual.map(({ host, name }) => [host, name]),
    )
    .whereIn('operations.kind', CHANGES)
    .where('operations.outputs', 'like', '%"newVersion"%')
    .select(
      'registries.vault_host',
      'registries.key_name',
      'operations.registry_key',
      'operations.outputs',
      db.raw(
        'row_number() over (partition by registries.vault_host, registries.key_name order by operations.created_at desc, operations.id) as place',
      ),
    );
  const made: {
    vault_host: string;
    key_name: string;
    registry_key: string;
    outputs: string;
  }[] = await firstOfEach(db, ranked);
  return manual.flatMap(({ id, host, name }) => {
    const of = made.find(
      each => each.vault_host === host && each.key_name === name,
    );
    const version = of && outputsOf(of).newVersion;
    return version && of.registry_key !== id ? [[id, version]] : [];
  });
}
