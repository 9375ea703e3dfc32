import { createHash } from 'node:crypto';
import { type Finding, lostStateIds } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { inTransaction } from '../platform/database/inTransaction';
import { selectColumns } from '../platform/database/selectColumns';
import type {
  NotificationLedgerRow,
  RegistryConditionRow,
  RegistryRow,
} from '../platform/database/tables';
import { ruleOf } from '../domain/findings';
import { azureNow } from '../inventory/facts';
import { InventoryRows } from '../inventory/rows';
import { registriesInScope } from '../inventory/rows/registriesInScope';
import type { NotifierContext } from './context';
import { conditionsOf, type ConditionVerdict } from './conditions';
import { type DigestEntry, inWords } from './digest';
import {
  BACK_KIND,
  BY_REVOKE,
  isLoss,
  LOSS_CONDITIONS,
  isByRevoke,
} from './kinds';
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
  'db' | 'clock' | 'platform' | 'subscriptions' | 'judge' | 'logger'
> {
  operations: Pick<NotifierContext['operations'], 'revokesBehind'>;
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

/** Registries whose key is lost, or was when they were last read. */
const mayHaveLost = (db: Knex) => (either: Knex.QueryBuilder) =>
  either.whereIn('registries.state', [...lostStateIds]).orWhereIn(
    'registries.id',
    db('registry_conditions')
      .where({ holds: true })
      .whereIn('condition', [...LOSS_CONDITIONS])
      .select('registry_id'),
  );

/**
 * Finds conditions of all registries in scope that have begun since they were last read, and enters them into the
 * ledger for the owners. Each condition is a row, and the entry commits with the change of that row. So
 * each is reported once, however many replicas read and whenever one dies.
 *
 * @param options.losses - only of registries that may have lost their key, or have it back
 */
export async function noteConditions(
  context: ConditionsContext,
  options: { losses?: true },
): Promise<void> {
  const { db, config } = context;
  let after = '';
  for (;;) {
    const batch = await selectColumns(
      registriesInScope(db, config.scopes)
        .whereNotNull('registries.undecided')
        .where('registries.id', '>', after)
        .modify(query => {
          if (options.losses) query.where(mayHaveLost(db));
        }),
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
  context: ConditionsContext,
  batch: readonly JudgedRow[],
): Promise<void> {
  const { db, clock, config, platform, logger } = context;
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
    changes.map(({ row }) => row.id),
    config.bindings,
  );
  const explained = await explain(context, changes);
  const lost = await inTransaction(db, async trx => {
    const entries: DigestEntry[] = [];
    for (const change of explained) {
      const recipients = owners.get(change.row.id) ?? platform;
      entries.push(...(await note(trx, change, { recipients, platform, now })));
    }
    return entries;
  });
  if (lost.length > 0) logger.warn(`Access to keys is lost. ${inWords(lost)}`);
}

/** The changes with the cause of each loss, and with those of revokes by this portal marked. */
async function explain(
  { operations, judge }: ConditionsContext,
  changes: readonly Change[],
): Promise<Change[]> {
  const lost = changes
    .filter(({ began }) => began.some(({ now }) => isLoss(now)))
    .map(({ row }) => row.id);
  if (lost.length === 0) return [...changes];
  const findings = await judge.findingsOf(lost);
  const revokes = await operations.revokesBehind(lost);
  return changes.map(change => {
    const { id } = change.row;
    const revoke = revokes.get(id);
    return {
      ...change,
      began: change.began.map(({ now, before }) => {
        if (!isLoss(now)) return { now, before };
        const hadKeyAt = before && !before.holds ? Number(before.since) : 0;
        const isRevoked =
          revoke !== undefined &&
          isByRevoke(now.condition, revoke) &&
          // A revoke before the registry was seen with its key is not behind this loss.
          (revoke.startedAt ?? 0) >= hadKeyAt;
        const details = {
          ...now.details,
          cause: causeOf(now.condition, findings.get(id) ?? []),
        };
        return {
          now: { ...now, details, ...(isRevoked && { level: BY_REVOKE }) },
          before,
        };
      }),
    };
  });
}

/** The finding behind a condition, with its way back. */
function causeOf(
  condition: string,
  findings: readonly Finding[],
): string | undefined {
  const finding = findings.find(
    each => each.verdict === 'found' && ruleOf(each)?.notifies === condition,
  );
  return (
    finding && [`${finding.message}.`, finding.remedy].filter(Boolean).join(' ')
  );
}

/** Stores a change and enters it into the ledger. @returns losses that nobody had noted before */
async function note(
  trx: Knex.Transaction,
  { row: { id, name }, began, ended }: Change,
  to: {
    recipients: readonly string[];
    platform: readonly string[];
    now: number;
  },
): Promise<DigestEntry[]> {
  const { now } = to;
  const lost: DigestEntry[] = [];
  const withPlatform = [...new Set([...to.recipients, ...to.platform])];
  let isBack = false;
  for (const row of ended) {
    const won = await unchanged(trx, row).update({ holds: false, since: now });
    if (won === 1 && isLoss(row)) isBack = true;
  }
  if (isBack) {
    await enter(trx, withPlatform, {
      of: [id, BACK_KIND, now],
      kind: BACK_KIND,
      registry_id: id,
      details: JSON.stringify({ name }),
      created_at: now,
    });
  }
  for (const { now: holds, before } of began) {
    const { condition, subject, level, kind, details } = holds;
    const row = { condition, subject, level, holds: true, since: now };
    const won = before
      ? await unchanged(trx, before).update(row)
      : await insertNew(trx, { registry_id: id, ...row });
    if (won !== 1 || level === BY_REVOKE) continue;
    const entry = { kind, registryId: id, details: { name, ...details } };
    if (isLoss(holds)) lost.push(entry);
    await enter(trx, isLoss(holds) ? withPlatform : to.recipients, {
      of: [id, condition, subject, level, now],
      kind,
      registry_id: id,
      details: JSON.stringify(entry.details),
      created_at: now,
    });
  }
  return lost;
}

/** Enters one thing into the ledger for each recipient. */
async function enter(
  trx: Knex.Transaction,
  recipients: readonly string[],
  {
    of,
    ...entry
  }: { of: readonly (string | number)[] } & Pick<
    NotificationLedgerRow,
    'kind' | 'registry_id' | 'details' | 'created_at'
  >,
): Promise<void> {
  const thing = createHash('sha256').update(of.join('\n')).digest('hex');
  for (const recipient of recipients) {
    await trx('notification_ledger').insert({ thing, recipient, ...entry });
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

/** An unknown condition has neither begun nor ended. A loss ends once the registry is known to have none. */
function compare(
  row: JudgedRow,
  verdicts: readonly ConditionVerdict[],
  known: readonly RegistryConditionRow[],
): Change {
  const change: Change = { row, began: [], ended: [] };
  const mayBeLost = verdicts.some(
    each =>
      LOSS_CONDITIONS.has(each.condition) &&
      (each.verdict === 'unknown' ||
        (each.verdict === 'holds' && isLoss(each))),
  );
  for (const verdict of verdicts) {
    const before = known.find(each => each.condition === verdict.condition);
    if (verdict.verdict === 'holds') {
      const isReported =
        before?.holds &&
        before.subject === verdict.subject &&
        (before.level === BY_REVOKE || before.level >= verdict.level);
      if (!isReported) change.began.push({ now: verdict, before });
    } else if (
      verdict.verdict === 'absent' &&
      before?.holds &&
      !(isLoss(before) && mayBeLost)
    ) {
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
