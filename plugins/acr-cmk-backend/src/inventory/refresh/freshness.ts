import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { optionalNumber } from '../../platform/database/results';
import type {
  QueueColumns,
  ReadingColumns,
} from '../../platform/database/tables';
import type { ReadKind } from '../rows/ReadQueue';
import { LIKE_HSM, READ_LAST } from '../rows/vaults';
import { ASSIGNMENTS_EVERY_MS } from './Sweeper';
import { SweepRecord } from './SweepRecord';
import { ACCESS_AGE_MS, KEY_AGE_MS } from './StaleRows';
import type { SyncState } from '../rows/SyncState';

/** Age of one thing behind a registry, and when and why it is read next. Times are epoch milliseconds. */
export interface RowFreshness {
  kind: ReadKind;
  /** ARM id, host and name of a key, or principal. */
  name: string;
  readAt?: number;
  nextReadAt?: number;
  /** Reason of the next reading: that of the queue, or `list` where the next sweep comes first. */
  why: string;
  /** Readings that have failed in a row. */
  attempts: number;
  /** Failure of the last reading. */
  problem?: string;
}

type Row = Pick<ReadingColumns, 'read_at' | 'problem'> & QueueColumns;

const COLUMNS = [
  'read_at',
  'problem',
  'next_read_at',
  'read_why',
  'read_attempts',
] as const;

/** Reads when a registry, and what its encryption depends on, is read next. Empty for one without a row. */
export async function freshnessOf(
  { db, state, everyMs }: { db: Knex; state: SyncState; everyMs: number },
  id: RegistryId,
): Promise<RowFreshness[]> {
  const registry = await db('registries')
    .where({ id: id.key })
    .first('vault_host', 'key_name', 'principal_id', 'identity', ...COLUMNS);
  if (!registry) return [];
  const { vault_host, key_name, principal_id, identity } = registry;
  const lastSweep = await new SweepRecord(state).last();
  const sweep = {
    nextReadAt: lastSweep && lastSweep.startedAt + everyMs,
    why: 'list',
  };
  /** After this age, unless something asks for it before. */
  const atAge = (row: Row, ageMs: number) => ({
    nextReadAt: row.read_at === null ? undefined : Number(row.read_at) + ageMs,
    why: 'age',
  });
  const found = [
    toFreshness({ kind: 'registry', name: id.key }, registry, sweep),
  ];
  const vault = await db('vaults')
    .where({ host: vault_host ?? '' })
    .orderByRaw(READ_LAST)
    .first('id', ...COLUMNS);
  if (vault) {
    found.push(toFreshness({ kind: 'vault', name: vault.id }, vault, sweep));
  }
  const key = await db('keys')
    .where({ vault_host: vault_host ?? '', name: key_name ?? '' })
    .first('vault_host', 'name', ...COLUMNS);
  if (key) {
    const name = `${key.vault_host}/${key.name}`;
    found.push(toFreshness({ kind: 'key', name }, key, atAge(key, KEY_AGE_MS)));
  }
  const access = await db('access')
    .where({
      principal_id: principal_id ?? '',
      vault_host: vault_host ?? '',
      key_name: key_name ?? '',
    })
    .first('principal_id', 'vault_host', ...COLUMNS);
  if (access) {
    const isInHsm = access.vault_host.endsWith(LIKE_HSM.slice(1));
    const ageMs = isInHsm ? ASSIGNMENTS_EVERY_MS : ACCESS_AGE_MS;
    found.push(
      toFreshness(
        { kind: 'access', name: access.principal_id },
        access,
        atAge(access, ageMs),
      ),
    );
  }
  const user = await db('identities')
    .where({ client_id: identity ?? '' })
    .first('id', ...COLUMNS);
  if (user) {
    found.push(toFreshness({ kind: 'identity', name: user.id }, user, sweep));
  }
  return found;
}

function toFreshness(
  thing: Pick<RowFreshness, 'kind' | 'name'>,
  row: Row,
  otherwise: Pick<RowFreshness, 'nextReadAt' | 'why'>,
): RowFreshness {
  const queuedFor = optionalNumber(row.next_read_at);
  const nextReadAt = queuedFor ?? otherwise.nextReadAt;
  return {
    ...thing,
    readAt: optionalNumber(row.read_at),
    nextReadAt,
    why: row.read_why ?? otherwise.why,
    attempts: row.read_attempts,
    ...(row.problem && { problem: JSON.parse(row.problem).message }),
  };
}
