import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import pLimit from 'p-limit';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import {
  identityIdOf,
  roleAssignmentIdOf,
  vaultIdOf,
} from '../../azure/armIds';
import type { Context } from '../../platform/context';
import { hostOfVault } from '../rows/vaults';
import { queued, type ReadQueue, type ToRead } from '../rows/ReadQueue';
import {
  type AccessPlace,
  subjectOfAccess,
  subjectOfKey,
} from '../rows/subjects';
import { ASSIGNMENTS_CHANGED, SyncState } from '../rows/SyncState';
import { batchesOf } from '../../platform/database/batches';
import { lockedById } from '../../platform/database/lockOrder';
import { lower } from '../../platform/text';

/** Fields of an event that are used; all others are ignored. */
export interface AzureEvent {
  /** Unique within its source. */
  id: string;
  source: string;
  type: string;
  /** ARM id of what was written or deleted. */
  resourceUri?: string;
  vaultName?: string;
  objectType?: string;
  objectName?: string;
}

/** Event Grid repeats a delivery for a day. Milliseconds. */
const REMEMBERED_MS = 25 * 60 * 60_000;
/** Registries that nobody knows yet and that events may have read at once. Others wait for the sweep. */
const MOST_UNKNOWN = 200;

/** Subject of one event. Ids and names are in lower case. */
type Subject =
  | { of: 'key'; vault_host: string; name: string }
  | { of: 'vault'; id: string }
  | { of: 'vault-host'; host: string }
  | { of: 'registry'; id: RegistryId }
  | { of: 'identity'; id: string }
  /** Role assignments at a vault or below it. */
  | { of: 'access'; vaultId: string }
  /** Role assignments at a scope above single vaults. */
  | { of: 'assignments' };

type SubjectOf<K extends Subject['of']> = Extract<Subject, { of: K }>;

const only = <K extends Subject['of']>(
  subjects: readonly Subject[],
  kind: K,
): SubjectOf<K>[] =>
  subjects.filter((each): each is SubjectOf<K> => each.of === kind);

interface EventsDeps extends Pick<Context, 'db' | 'clock'> {
  queue: ReadQueue;
  /** Is a registry inside the scopes? */
  includes: (id: RegistryId) => boolean;
}

/**
 * Takes events of Azure: each queues what it is about, and does nothing else. What it says is
 * not believed; ARM is asked. So a doubled, late or forged event costs a reading at most.
 */
export class Events {
  readonly #deps: EventsDeps;
  readonly #deliveries = pLimit(1);

  constructor(deps: EventsDeps) {
    this.#deps = deps;
  }

  /**
   * One delivery after the other: what a delivery takes does not add up, and none finds room for registries that
   * another one fills.
   *
   * @returns how many things were marked
   */
  take(events: readonly AzureEvent[]): Promise<number> {
    return this.#deliveries(() => this.#take(events));
  }

  async #take(events: readonly AzureEvent[]): Promise<number> {
    const fresh = await this.#unseen(events);
    const subjects = fresh.flatMap(({ event }) => subjectOf(event) ?? []);
    const toRead = [
      ...(await this.#keys(only(subjects, 'key'))),
      ...(await this.#vaults(only(subjects, 'vault'), 'id')),
      ...(await this.#vaults(only(subjects, 'vault-host'), 'host')),
      ...(await this.#registries(only(subjects, 'registry'))),
      ...(await this.#identities(only(subjects, 'identity'))),
      ...(await this.#access(only(subjects, 'access'))),
    ];
    await this.#deps.db.transaction(async trx => {
      const now = await this.#deps.clock.now(trx);
      // Before the queue: a transaction that locks rows of several tables begins with the vaults.
      for (const batch of batchesOf(vaultsOf(fresh))) {
        const inOrder = trx('vaults')
          .whereIn('host', batch)
          .modify(lockedById(trx))
          .select('id');
        await trx('vaults').whereIn('id', inOrder).update({ events_at: now });
      }
      await this.#deps.queue.add(toRead, trx);
      for (const batch of batchesOf(fresh)) {
        await trx('events_seen')
          .insert(batch.map(({ hash }) => ({ id: hash, received_at: now })))
          .onConflict('id')
          .ignore();
      }
      await trx('events_seen')
        .where('received_at', '<', now - REMEMBERED_MS)
        .delete();
      if (only(subjects, 'assignments').length > 0) {
        const { clock } = this.#deps;
        await new SyncState({ db: trx, clock }).set(ASSIGNMENTS_CHANGED, true);
      }
    });
    return toRead.length;
  }

  /** Events that were not processed yet, without duplicates. */
  async #unseen(
    events: readonly AzureEvent[],
  ): Promise<{ hash: string; event: AzureEvent }[]> {
    const byHash = new Map(
      events.map(event => [
        createHash('sha256')
          .update(JSON.stringify([event.source, event.id]))
          .digest('hex'),
        event,
      ]),
    );
    for (const batch of batchesOf([...byHash.keys()])) {
      const seen: string[] = await this.#deps
        .db('events_seen')
        .whereIn('id', batch)
        .pluck('id');
      seen.forEach(hash => byHash.delete(hash));
    }
    return [...byHash].map(([hash, event]) => ({ hash, event }));
  }

  /** Keys that registries use. */
  async #keys(subjects: readonly SubjectOf<'key'>[]): Promise<ToRead[]> {
    const found: ToRead[] = [];
    for (const batch of batchesOf(subjects)) {
      const used: { vault_host: string; key_name: string }[] = await this.#deps
        .db('registries')
        .whereIn(
          ['vault_host', 'key_name'],
          batch.map(({ vault_host, name }) => [vault_host, name]),
        )
        .distinct('vault_host', 'key_name');
      found.push(
        ...used.map(({ vault_host, key_name: name }) => ({
          kind: 'key' as const,
          subject: subjectOfKey({ vault_host, name }),
          reason: 'event' as const,
        })),
      );
    }
    return found;
  }

  async #vaults(
    subjects: readonly (SubjectOf<'vault'> | SubjectOf<'vault-host'>)[],
    column: 'id' | 'host',
  ): Promise<ToRead[]> {
    const values = subjects.map(each =>
      each.of === 'vault' ? each.id : each.host,
    );
    return this.#known('vault', values, batch =>
      this.#deps.db('vaults').whereIn(column, batch),
    );
  }

  async #identities(
    subjects: readonly SubjectOf<'identity'>[],
  ): Promise<ToRead[]> {
    return this.#known(
      'identity',
      subjects.map(({ id }) => id),
      batch => this.#deps.db('identities').whereIn('id', batch),
    );
  }

  /** Registries that are known, and as many of the others as there is room for. */
  async #registries(
    subjects: readonly SubjectOf<'registry'>[],
  ): Promise<ToRead[]> {
    const ids = subjects
      .map(({ id }) => id)
      .filter(id => this.#deps.includes(id))
      .map(({ key }) => key);
    const known = await this.#known('registry', ids, batch =>
      this.#deps.db('registries').whereIn('id', batch),
    );
    const isKnown = new Set(known.map(({ subject }) => subject));
    const unknown = [...new Set(ids)].filter(id => !isKnown.has(id));
    if (unknown.length === 0) return known;
    const [{ n }] = await queued(this.#deps.db)
      .where({ kind: 'registry', reason: 'event' })
      .count({ n: '*' });
    const room = Math.max(0, MOST_UNKNOWN - Number(n));
    return [
      ...known,
      ...unknown.slice(0, room).map(subject => ({
        kind: 'registry' as const,
        subject,
        reason: 'event' as const,
      })),
    ];
  }

  /** @param query - selects the rows of these values */
  async #known(
    kind: 'vault' | 'registry' | 'identity',
    values: readonly string[],
    query: (batch: string[]) => Knex.QueryBuilder,
  ): Promise<ToRead[]> {
    const found: ToRead[] = [];
    for (const batch of batchesOf([...new Set(values)])) {
      const ids: string[] = await query(batch).pluck('id');
      found.push(
        ...ids.map(subject => ({ kind, subject, reason: 'event' as const })),
      );
    }
    return found;
  }

  /** Access paths to the keys of vaults whose role assignments have changed. */
  async #access(subjects: readonly SubjectOf<'access'>[]): Promise<ToRead[]> {
    const found: ToRead[] = [];
    for (const batch of batchesOf(subjects)) {
      const rows: AccessPlace[] = await this.#deps
        .db('access')
        .join('vaults', 'vaults.host', 'access.vault_host')
        .whereIn(
          'vaults.id',
          batch.map(({ vaultId }) => vaultId),
        )
        .select('access.principal_id', 'access.vault_host', 'access.key_name');
      found.push(
        ...rows.map(row => ({
          kind: 'access' as const,
          subject: subjectOfAccess(row),
          reason: 'event' as const,
        })),
      );
    }
    return found;
  }
}

function subjectOf(event: AzureEvent): Subject | undefined {
  if (/^Microsoft\.KeyVault\./i.test(event.type)) return inVault(event);
  return /^Microsoft\.Resources\.Resource(Write|Delete)Success$/i.test(
    event.type,
  ) && event.resourceUri
    ? atResource(lower(event.resourceUri))
    : undefined;
}

function inVault({
  type,
  vaultName,
  objectType,
  objectName,
}: AzureEvent): Subject | undefined {
  if (!vaultName) return undefined;
  const host = hostOfVault(vaultName);
  if (/AccessPolicyChanged$/i.test(type)) return { of: 'vault-host', host };
  return objectName && lower(objectType ?? '') === 'key'
    ? { of: 'key', vault_host: host, name: lower(objectName) }
    : undefined;
}

function atResource(uri: string): Subject | undefined {
  const assignment = parsed(() => roleAssignmentIdOf(uri));
  if (assignment) {
    const vaultId = vaultIn(assignment.scope);
    return vaultId ? { of: 'access', vaultId } : { of: 'assignments' };
  }
  // A child of a vault, such as its access policies, changes the vault.
  const vault = vaultIn(uri);
  if (vault) return { of: 'vault', id: vault };
  const registry = RegistryId.tryParse(uri);
  if (registry) return { of: 'registry', id: registry };
  return parsed(() => identityIdOf(uri))
    ? { of: 'identity', id: uri }
    : undefined;
}

/** Id of the vault that a resource is, or is in. */
function vaultIn(uri: string): string | undefined {
  const vault = lower(uri).split('/').slice(0, 9).join('/');
  return parsed(() => vaultIdOf(vault)) && vault;
}

/** Hosts of the vaults that have reported something about a key. */
function vaultsOf(fresh: readonly { event: AzureEvent }[]): string[] {
  const names = fresh.flatMap(({ event }) =>
    /^Microsoft\.KeyVault\.Key/i.test(event.type)
      ? (event.vaultName ?? [])
      : [],
  );
  return [...new Set(names.map(hostOfVault))];
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
