import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Bindings } from '../catalog/binding';
import type { NotificationsConfig, Scope } from '../config';
import type { Clock } from '../database/clock';
import { inTransaction } from '../database/inTransaction';
import { azureNow } from '../inventory/facts';
import type { ListingRows } from '../inventory/rows/listings';
import { lower, optional } from '../inventory/rows/readings';
import { registriesInScope } from '../inventory/rows/registriesInScope';
import { conditionsOf, type ConditionVerdict } from './conditions';
import { ownersOf } from './owners';

/** Registries of one transaction: short enough for the thread that serves the portal. */
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
].map(column => `registries.${column}`);

type Holds = Extract<ConditionVerdict, { verdict: 'holds' }>;

/** A condition as it was last seen and reported. */
interface Kept {
  condition: string;
  subject: string;
  level: number;
  holds: boolean;
}

/** A registry of which something has begun, got worse or ended. */
interface Change {
  /** ARM id, lower case. */
  id: string;
  name: string;
  began: { now: Holds; before?: Kept }[];
  ended: Kept[];
}

interface Deps {
  db: Knex;
  clock: Clock;
  /** May change while the plugin runs. */
  scopes: readonly Scope[];
  config: NotificationsConfig;
  /** `acrCmk.bindings` */
  bindings: Bindings;
  listings: Pick<ListingRows, 'get'>;
  /** Those of the scopes, whichever they are at the moment. */
  subscriptions: readonly string[];
}

/**
 * Finds what has begun to hold of registries since it last looked, and notes it for their owners.
 * What was seen is one row for each condition; whoever changes that row notes the change in
 * the same transaction. So each is noted once, however many replicas look and whenever one dies.
 */
export class RegistryNotices {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Is everything in scope listed and decided about, and does the catalog say whose it is? */
  async isAllKnown(): Promise<boolean> {
    const { listings, subscriptions } = this.#deps;
    const [links] = await listings.get('links', ['catalog']);
    // A catalog without any entity of ours has just started, more likely than not.
    if (!links.value) return false;
    const listed = await listings.get('registries', subscriptions);
    if (listed.some(({ observedAt }) => observedAt === undefined)) return false;
    const open = await this.#registries()
      .where(undecided =>
        undecided
          .whereNull('registries.undecided')
          .orWhereNot('registries.undecided', '[]'),
      )
      .first('registries.id');
    return open === undefined;
  }

  /** Looks at every registry in scope. */
  async read(): Promise<void> {
    let after = '';
    for (;;) {
      const batch: any[] = await this.#registries()
        // Judged, and by a release that says what it could not decide.
        .whereNotNull('registries.undecided')
        .where('registries.id', '>', after)
        .orderBy('registries.id')
        .limit(BATCH)
        .select(COLUMNS);
      if (batch.length === 0) break;
      await this.#readBatch(batch);
      after = batch[batch.length - 1].id;
    }
    // One that is gone, as a whole listing has found, is reported when it comes again.
    const { db } = this.#deps;
    await db('registry_conditions')
      .whereNotIn('registry_id', db('registries').select('id'))
      .delete();
  }

  #registries(): Knex.QueryBuilder {
    return registriesInScope(this.#deps.db, this.#deps.scopes);
  }

  async #readBatch(batch: any[]): Promise<void> {
    const { db, clock, bindings, config } = this.#deps;
    const now = await clock.now();
    const ids = batch.map(({ id }) => id);
    const kept: any[] = await db('registry_conditions').whereIn(
      'registry_id',
      ids,
    );
    const changes = batch.flatMap(row => {
      const before = kept
        .filter(each => each.registry_id === row.id)
        .map(toKept);
      const { began, ended } = compare(verdictsOf(row, now), before);
      return began.length + ended.length > 0
        ? [{ id: row.id, name: row.name, began, ended }]
        : [];
    });
    if (changes.length === 0) return;
    const owners = await ownersOf(
      db,
      changes.filter(({ began }) => began.length > 0).map(({ id }) => id),
      bindings,
    );
    await inTransaction(db, async trx => {
      for (const change of changes) {
        const recipients = owners.get(change.id) ?? config.platform;
        await this.#note(trx, change, { recipients, now });
      }
    });
  }

  async #note(
    trx: Knex.Transaction,
    { id, name, began, ended }: Change,
    { recipients, now }: { recipients: readonly string[]; now: number },
  ): Promise<void> {
    for (const kept of ended) {
      await whereIs(trx, id, kept).update({ holds: false, since: now });
    }
    for (const { now: holds, before } of began) {
      const { condition, subject, level, kind, details } = holds;
      const row = { condition, subject, level, holds: true, since: now };
      const won = before
        ? await whereIs(trx, id, before).update(row)
        : await insertNew(trx, 'registry_conditions', {
            registry_id: lower(id),
            ...row,
          });
      if (won !== 1 || !this.#deps.config.kinds.has(kind)) continue;
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
}

function verdictsOf(row: any, now: number): ConditionVerdict[] {
  return conditionsOf(
    {
      findings: JSON.parse(row.findings ?? '[]'),
      undecided: JSON.parse(row.undecided),
      vaultHost: row.vault_host ?? undefined,
      keyName: row.key_name ?? undefined,
      versionInUse: row.version_in_use ?? undefined,
      identity: row.identity ?? undefined,
      behindSince: optional(row.behind_since),
      expiresAt: optional(row.expires_at),
    },
    azureNow(
      { azureAt: Number(row.azure_at), observedAt: Number(row.read_at) },
      now,
    ),
  );
}

/** What is not known has neither begun nor ended. */
function compare(
  verdicts: readonly ConditionVerdict[],
  kept: readonly Kept[],
): Pick<Change, 'began' | 'ended'> {
  const began: Change['began'] = [];
  const ended: Kept[] = [];
  for (const verdict of verdicts) {
    const before = kept.find(each => each.condition === verdict.condition);
    if (verdict.verdict === 'holds') {
      const isTold =
        before?.holds &&
        before.subject === verdict.subject &&
        before.level >= verdict.level;
      if (!isTold) began.push({ now: verdict, before });
    } else if (verdict.verdict === 'absent' && before?.holds) {
      ended.push(before);
    }
  }
  return { began, ended };
}

function toKept(row: any): Kept {
  return {
    condition: row.condition,
    subject: row.subject,
    level: Number(row.level),
    holds: Boolean(row.holds),
  };
}

/** The row of a condition, as long as nobody has changed it. */
function whereIs(trx: Knex.Transaction, registryId: string, kept: Kept) {
  return trx('registry_conditions').where({
    registry_id: lower(registryId),
    ...kept,
  });
}

/** @returns how many rows were inserted: none when it is there already */
async function insertNew(
  trx: Knex.Transaction,
  table: string,
  row: Record<string, unknown>,
): Promise<number> {
  const inserted = await trx(table)
    .insert(row)
    .onConflict()
    .ignore()
    .returning('registry_id');
  return inserted.length;
}
