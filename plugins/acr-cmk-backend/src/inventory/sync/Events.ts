import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import {
  identityIdOf,
  roleAssignmentIdOf,
  vaultIdOf,
} from '../../azure/armIds';
import type { Clock } from '../../database/clock';
import { batchesOf, lower } from '../rows/readings';
import { hostOfVault } from '../rows/vaults';
import type { Dirty, DirtyStore } from './DirtyStore';
import {
  type AccessPlace,
  subjectOfAccess,
  subjectOfKey,
} from './dirtySubject';
import type { SyncState } from './SyncState';

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

/** Changes that one event reports. */
interface Concerned {
  dirty: Dirty[];
  /** Role assignments have changed at a scope above single vaults. */
  assignments: boolean;
}

const NOTHING: Concerned = { dirty: [], assignments: false };

const one = (dirty: Dirty): Concerned => ({
  dirty: [dirty],
  assignments: false,
});

interface EventsDeps {
  db: Knex;
  clock: Clock;
  dirty: DirtyStore;
  state: SyncState;
  /** Is a registry inside the scopes? */
  includes: (id: RegistryId) => boolean;
}

/**
 * Takes events of Azure: each marks what it is about as dirty, and does nothing else. What it says is
 * not believed; ARM is asked. So a doubled, late or forged event costs a reading at most.
 */
export class Events {
  readonly #deps: EventsDeps;

  constructor(deps: EventsDeps) {
    this.#deps = deps;
  }

  /** @returns how many things were marked */
  async take(events: readonly AzureEvent[]): Promise<number> {
    const fresh = await this.#unseen(events);
    const concerned = await Promise.all(
      fresh.map(({ event }) => this.#concerned(event)),
    );
    const dirty = concerned.flatMap(each => each.dirty);
    await this.#deps.db.transaction(async trx => {
      await this.#deps.dirty.mark(dirty, trx);
      const now = await this.#deps.clock.now(trx);
      for (const batch of batchesOf(vaultsOf(fresh))) {
        await trx('vaults').whereIn('host', batch).update({ events_at: now });
      }
      for (const batch of batchesOf(fresh)) {
        await trx('events_seen')
          .insert(batch.map(({ hash }) => ({ id: hash, received_at: now })))
          .onConflict('id')
          .ignore();
      }
      await trx('events_seen')
        .where('received_at', '<', now - REMEMBERED_MS)
        .delete();
    });
    if (concerned.some(({ assignments }) => assignments)) {
      await this.#deps.state.remove('assignments');
    }
    return dirty.length;
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

  async #concerned(event: AzureEvent): Promise<Concerned> {
    if (/^Microsoft\.KeyVault\./i.test(event.type)) {
      return { dirty: await this.#ofVault(event), assignments: false };
    }
    return /^Microsoft\.Resources\.Resource(Write|Delete)Success$/i.test(
      event.type,
    ) && event.resourceUri
      ? this.#ofResource(lower(event.resourceUri))
      : NOTHING;
  }

  async #ofVault({
    type,
    vaultName,
    objectType,
    objectName,
  }: AzureEvent): Promise<Dirty[]> {
    if (!vaultName) return [];
    const host = hostOfVault(vaultName);
    if (/AccessPolicyChanged$/i.test(type)) return this.#vaultAt(host);
    if (!objectName || lower(objectType ?? '') !== 'key') return [];
    const name = lower(objectName);
    const [used] = await this.#deps
      .db('registries')
      .where({ vault_host: host, key_name: name })
      .limit(1)
      .pluck('id');
    return used
      ? [
          {
            kind: 'key',
            subject: subjectOfKey({ vault_host: host, name }),
            reason: 'event',
          },
        ]
      : [];
  }

  async #vaultAt(host: string): Promise<Dirty[]> {
    const ids: string[] = await this.#deps
      .db('vaults')
      .where({ host })
      .pluck('id');
    return ids.map(subject => ({ kind: 'vault', subject, reason: 'event' }));
  }

  async #ofResource(uri: string): Promise<Concerned> {
    const assignment = parsed(() => roleAssignmentIdOf(uri));
    if (assignment) return this.#ofAssignment(assignment.scope);
    // A child of a vault, such as its access policies, changes the vault.
    const vault = uri.split('/').slice(0, 9).join('/');
    if (parsed(() => vaultIdOf(vault))) {
      const known = await this.#deps
        .db('vaults')
        .where({ id: vault })
        .pluck('id');
      return known.length > 0
        ? one({ kind: 'vault', subject: vault, reason: 'event' })
        : NOTHING;
    }
    const registry = RegistryId.tryParse(uri);
    if (registry) return this.#ofRegistry(registry);
    if (parsed(() => identityIdOf(uri))) {
      const known = await this.#deps
        .db('identities')
        .where({ id: uri })
        .pluck('id');
      return known.length > 0
        ? one({ kind: 'identity', subject: uri, reason: 'event' })
        : NOTHING;
    }
    return NOTHING;
  }

  async #ofRegistry(id: RegistryId): Promise<Concerned> {
    if (!this.#deps.includes(id)) return NOTHING;
    const dirty = one({ kind: 'registry', subject: id.key, reason: 'event' });
    const known = await this.#deps
      .db('registries')
      .where({ id: id.key })
      .first('id');
    if (known) return dirty;
    const [{ n }] = await this.#deps
      .db('dirty')
      .where({ kind: 'registry', reason: 'event' })
      .count({ n: '*' });
    return Number(n) < MOST_UNKNOWN ? dirty : NOTHING;
  }

  async #ofAssignment(scope: string): Promise<Concerned> {
    const vault = lower(scope).split('/').slice(0, 9).join('/');
    if (!parsed(() => vaultIdOf(vault))) {
      return { dirty: [], assignments: true };
    }
    const rows: AccessPlace[] = await this.#deps
      .db('access')
      .join('vaults', 'vaults.host', 'access.vault_host')
      .where('vaults.id', vault)
      .select('access.principal_id', 'access.vault_host', 'access.key_name');
    return {
      dirty: rows.map(row => ({
        kind: 'access',
        subject: subjectOfAccess(row),
        reason: 'event',
      })),
      assignments: false,
    };
  }
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
