import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { inTransaction } from '../platform/database/inTransaction';
import { selectColumns } from '../platform/database/selectColumns';
import type {
  RegistryConditionRow,
  RegistryRow,
} from '../platform/database/tables';
import { azureNow } from '../inventory/facts';
import { InventoryRows } from '../inventory/rows';
import { registriesInScope } from '../inventory/rows/registriesInScope';
import type { NotifierContext } from './context';
import { conditionsOf, type ConditionVerdict } from './conditions';
import { ownersOf } from './owners';
import { optionalNumber } from '../platform/database/results';

/** Registries of one transaction, few enough not to block the thread that serves the portal. */
const BATCH = 500;

const COLUMNS = [
  'id',
  'name',
  'findings',
  'undecided',
  'vault_host',
  'key_name',
  'version_in_use',
  'identity',
  'behind_since',
  'expires_at',
  'read_at',
  'azure_at',
] as const;
type JudgedRow = Pick<RegistryRow, (typeof COLUMNS)[number]>;

type Holds = Extract<ConditionVerdict, { verdict: 'holds' }>;

/** Changes of a registry's conditions since they were last read. */
interface Change {
  row: JudgedRow;
  /** Conditions that began, got worse or have another subject, each with its row until now. */
  began: { now: Holds; before?: RegistryConditionRow }[];
  ended: RegistryConditionRow[];
}

interface ConditionsContext extends Pick<
  NotifierContext,
  'db' | 'clock' | 'platform' | 'subscriptions'
> {
  config: Pick<NotifierContext['config'], 'bindings' | 'scopes'>;
}

/** Whether all registries in scope are listed and judged, and the catalog was read. */
export async function isAllKnown(context: ConditionsContext): Promise<boolean> {
  const { db, clock, subscriptions, config } = context;
  const { listings } = new InventoryRows(db, clock);
  const [links] = await listings.get('links', ['catalog']);
  // A catalog without any entity of ours has probably just started.
  if (!links.value) return false;
  const listed = await listings.get('registries', subscriptions);
  if (listed.some(({ observedAt }) => observedAt === undefined)) return false;
  const open = await registriesInScope(db, config.scopes)
    .where(undecided =>
      undecided
        .whereNull('registries.undecided')
        .orWhereNot('registries.undecided', '[]'),
    )
    .first('registries.id');
  return open === undefined;
}

/**
 * Finds conditions of all registries in scope that have begun since they were last read, and enters them into the
 * ledger for the owners. Each condition is a row, and the entry commits with the change of that row. So
 * each is reported once, however many replicas read and whenever one dies.
 */
export async function noteConditions(
  context: ConditionsContext,
): Promise<void> {
  const { db, config } = context;
  let after = '';
  for (;;) {
    const batch = await selectColumns(
      registriesInScope(db, config.scopes)
        .whereNotNull('registries.undecided')
        .where('registries.id', '>', after),
      'registries',
      COLUMNS,
    )
      .orderBy('registries.id')
      .limit(BATCH);
    if (batch.length === 0) break;
    await readBatch(context, batch);
    after = batch[batch.length - 1].id;
  }
  // A registry that was deleted is reported again if it is created again.
  await db('registry_conditions')
    .whereNotIn('registry_id', db('registries').select('id'))
    .delete();
}

async function readBatch(
  { db, clock, config, platform }: ConditionsContext,
  batch: readonly JudgedRow[],
): Promise<void> {
  const now = await clock.now();
  const known = await db('registry_conditions').whereIn(
    'registry_id',
    batch.map(({ id }) => id),
  );
  const changes = batch
    .map(row =>
      compare(
        row,
        verdictsOf(row, now),
        known.filter(each => each.registry_id === row.id),
      ),
    )
    .filter(({ began, ended }) => began.length + ended.length > 0);
  if (changes.length === 0) return;
  const owners = await ownersOf(
    db,
    changes.filter(({ began }) => began.length > 0).map(({ row }) => row.id),
    config.bindings,
  );
  await inTransaction(db, async trx => {
    for (const change of changes) {
      const recipients = owners.get(change.row.id) ?? platform;
      await note(trx, change, { recipients, now });
    }
  });
}

async function note(
  trx: Knex.Transaction,
  { row: { id, name }, began, ended }: Change,
  { recipients, now }: { recipients: readonly string[]; now: number },
): Promise<void> {
  for (const row of ended) {
    await unchanged(trx, row).update({ holds: false, since: now });
  }
  for (const { now: holds, before } of began) {
    const { condition, subject, level, kind, details } = holds;
    const row = { condition, subject, level, holds: true, since: now };
    const won = before
      ? await unchanged(trx, before).update(row)
      : await insertNew(trx, { registry_id: id, ...row });
    if (won !== 1) continue;
    const thing = createHash('sha256')
      .update([id, condition, subject, level, now].join('\n'))
      .digest('hex');
    for (const recipient of recipients) {
      await trx('notification_ledger').insert({
        thing,
        recipient,
        kind,
        registry_id: id,
        details: JSON.stringify({ name, ...details }),
        created_at: now,
      });
    }
  }
}

function verdictsOf(row: JudgedRow, now: number): ConditionVerdict[] {
  return conditionsOf(
    {
      findings: JSON.parse(row.findings ?? '[]'),
      undecided: JSON.parse(row.undecided ?? '[]'),
      vaultHost: row.vault_host ?? undefined,
      keyName: row.key_name ?? undefined,
      versionInUse: row.version_in_use ?? undefined,
      identity: row.identity ?? undefined,
      behindSince: optionalNumber(row.behind_since),
      expiresAt: optionalNumber(row.expires_at),
    },
    azureNow(
      { azureAt: Number(row.azure_at), observedAt: Number(row.read_at) },
      now,
    ),
  );
}

/** An unknown condition has neither begun nor ended. */
function compare(
  row: JudgedRow,
  verdicts: readonly ConditionVerdict[],
  known: readonly RegistryConditionRow[],
): Change {
  const change: Change = { row, began: [], ended: [] };
  for (const verdict of verdicts) {
    const before = known.find(each => each.condition === verdict.condition);
    if (verdict.verdict === 'holds') {
      const isReported =
        before?.holds &&
        before.subject === verdict.subject &&
        before.level >= verdict.level;
      if (!isReported) change.began.push({ now: verdict, before });
    } else if (verdict.verdict === 'absent' && before?.holds) {
      change.ended.push(before);
    }
  }
  return change;
}

/** The row of a condition, unless another replica has changed it. */
function unchanged(
  trx: Knex.Transaction,
  {
    registry_id,
    condition,
    subject,
    level,
    holds,
  }: Omit<RegistryConditionRow, 'since'>,
) {
  return trx('registry_conditions').where({
    registry_id,
    condition,
    subject,
    level,
    holds: Boolean(holds),
  });
}

/** @returns the number of inserted rows: 0 when the condition has a row already */
async function insertNew(
  trx: Knex.Transaction,
  row: RegistryConditionRow,
): Promise<number> {
  const inserted = await trx('registry_conditions')
    .insert(row)
    .onConflict()
    .ignore()
    .returning('registry_id');
  return inserted.length;
}
