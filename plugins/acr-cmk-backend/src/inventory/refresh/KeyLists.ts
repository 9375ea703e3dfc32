import { vaultNameOfId } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { AzurePorts, ListedKey } from '../../azure/ports';
import type { Context } from '../../platform/context';
import type { KeyRow, FactRow, VaultRow } from '../../platform/database/tables';
import { InventoryRows } from '../rows';
import { isThere } from '../rows/FactTable';
import { listOf } from '../rows/listings';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { usersOfKey } from '../rows/keys';
import { subjectOfKey } from '../rows/subjects';
import type { ReadQueue } from '../rows/ReadQueue';
import { isMomentBetween, readAgainAfterMs } from './turns';
import { lower } from '../../platform/text';

/** Lists at the same time. */
const CONCURRENCY = 24;

/** A vault whose keys are to be listed. */
type DueVault = Pick<VaultRow, 'id' | 'host' | 'events_at'>;

/** Interval of the lists of a vault whose events arrive. Milliseconds. */
const WITH_EVENTS_MS = 60 * 60_000;
/** Age from which on a new version must have been reported by an event. Milliseconds. */
const EVENT_LATE_MS = 10 * 60_000;

const toQueue = (
  host: string,
  name: string,
  reason: 'changed' | 'missing' | 'in-use',
) => ({
  kind: 'key' as const,
  subject: subjectOfKey({ vault_host: host, name }),
  reason,
});

interface KeyListsDeps extends Pick<Context, 'db' | 'clock'> {
  azure: Pick<AzurePorts, 'keys'>;
  rows: InventoryRows;
  queue: ReadQueue;
  /** Events of vaults are accepted here: `acrCmk.events`. */
  byEvents: boolean;
}

/**
 * Lists the keys of the vaults that registries use, one call for each vault, so often that a change is known within
 * two intervals.
 * Keys are not in Resource Graph. A key whose list entry differs from the last one is read whole. An entry shows the
 * newest version alone: with the list, the versions are read of each key of which a registry uses another one.
 *
 * A vault that has delivered an event of a key is listed once an hour instead. A list that finds a new version of
 * which no event has told ends that, until the next event arrives.
 */
export class KeyLists {
  readonly #deps: KeyListsDeps;

  constructor(deps: KeyListsDeps) {
    this.#deps = deps;
  }

  /**
   * @param options.everyMs - interval of the sync
   * @returns how many vaults were listed
   */
  async listDue(options: {
    everyMs: number;
    isStopped(): boolean;
  }): Promise<number> {
    const queue = await this.#due(options.everyMs);
    await this.#markUnlisted(queue);
    let listed = 0;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          await backgroundThrottle.turn();
          if (options.isStopped()) return;
          const outcome = await this.#list(next);
          if (outcome === 'throttled') queue.length = 0;
          else listed += 1;
        }
      }),
    );
    return listed;
  }

  /**
   * Vaults whose moment has passed since their last listing, and all that were never listed.
   */
  async #due(everyMs: number): Promise<DueVault[]> {
    const now = await this.#deps.clock.now();
    const rows: (DueVault &
      Pick<FactRow, 'read_at' | 'problem_at' | 'expired_at'>)[] =
      await this.#deps
        .db('vaults')
        .whereNotNull('vaults.facts')
        .where(isThere('vaults'))
        .whereExists(
          this.#deps
            .db('registries')
            .whereRaw('registries.vault_host = vaults.host'),
        )
        .leftJoin('facts as lists', join =>
          join
            .on('lists.subject', 'vaults.host')
            .on('lists.kind', this.#deps.db.raw('?', [listOf('keys')])),
        )
        .select(
          'vaults.id',
          'vaults.host',
          'vaults.events_at',
          'lists.read_at as read_at',
          'lists.problem_at as problem_at',
          'lists.expired_at as expired_at',
        );
    return rows.filter(row => {
      const readAt = Number(row.read_at ?? 0);
      // One that failed has had its turn as well.
      const turnAt = Math.max(readAt, Number(row.problem_at ?? 0));
      const isExpired =
        row.expired_at !== null && Number(row.expired_at) >= turnAt;
      const againMs = readAgainAfterMs(everyMs);
      const periodMs =
        this.#deps.byEvents && row.events_at !== null
          ? Math.max(againMs, WITH_EVENTS_MS)
          : againMs;
      return (
        isExpired ||
        isMomentBetween(row.host, { periodMs, from: turnAt, to: now })
      );
    });
  }

  /** A key whose last reading failed is left to `StaleRows.queueFailed`. */
  async #markUnlisted(vaults: readonly DueVault[]): Promise<void> {
    const { db, queue } = this.#deps;
    if (vaults.length === 0) return;
    await queue.addRows('keys', 'in-use', keys =>
      keys
        .whereIn(
          'vault_host',
          vaults.map(({ host }) => host),
        )
        .whereNull('problem_at')
        .whereExists(
          usersOfKey(db).whereRaw(
            `coalesce(registries.version_in_use, '') <> keys.listed_version`,
          ),
        ),
    );
  }

  async #list({
    id,
    host,
    events_at,
  }: DueVault): Promise<'listed' | 'throttled'> {
    const vaultName = vaultNameOfId(id);
    const { listings } = this.#deps.rows;
    const readAt = await this.#deps.clock.now();
    try {
      const { value, azureAt } = await this.#deps.azure.keys.list(id);
      const known = await this.#known(host);
      await this.#markChanged(host, value, known);
      if (events_at !== null && isEventMissing(value, known, azureAt)) {
        await this.#deps.db('vaults').where({ id }).update({ events_at: null });
      }
      // With SQLite, the thread of the portal waits for the disk at each commit: once for each list.
      await this.#deps.db.transaction(async trx => {
        const rows = new InventoryRows(trx, this.#deps.clock);
        await rows.keys.keepListed(vaultName, value, readAt);
        const gone = await rows.keys.removeUnseen(vaultName, readAt);
        await this.#deps.queue.add(
          gone.map(name => toQueue(host, name, 'missing')),
          trx,
        );
        await rows.listings.keep('keys', host, {
          items: value.length,
          readAt,
          azureAt,
        });
      });
      return 'listed';
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      if (error.kind === 'throttled') return 'throttled';
      await listings.keepProblem('keys', host, {
        problem: error.toProblem(),
        at: readAt,
      });
      return 'listed';
    }
  }

  /** Keys that were read, or that were not there, by name. */
  async #known(host: string): Promise<ReadonlyMap<string, KnownKey>> {
    const rows = await this.#deps
      .db('keys')
      .where({ vault_host: host })
      .where(key =>
        key.whereNotNull('facts').orWhere('problem_kind', 'not-found'),
      )
      .select('name', 'listed', 'created_at', 'problem_kind');
    return new Map(rows.map(row => [row.name, row]));
  }

  /** Before the list is kept: a process that dies in between lists again and sees the same. */
  async #markChanged(
    host: string,
    listed: readonly ListedKey[],
    known: ReadonlyMap<string, KnownKey>,
  ): Promise<void> {
    const changed = listed.filter(each => {
      const before = known.get(lower(each.name));
      if (!before) return false;
      // One that is said to be gone, and is listed, was recovered.
      return (
        before.problem_kind === 'not-found' ||
        before.listed !== JSON.stringify(each)
      );
    });
    await this.#deps.queue.add(
      changed.map(({ name }) => toQueue(host, lower(name), 'changed')),
    );
  }
}

type KnownKey = Pick<KeyRow, 'listed' | 'created_at' | 'problem_kind'>;

/** Whether a key has a version that was not read although an event should have reported it by now. */
function isEventMissing(
  listed: readonly ListedKey[],
  known: ReadonlyMap<string, KnownKey>,
  azureAt: number,
): boolean {
  return listed.some(({ name, created }) => {
    const newest = known.get(lower(name))?.created_at;
    if (!created || newest === undefined || newest === null) return false;
    const createdAt = Date.parse(created);
    return createdAt > Number(newest) && azureAt - createdAt > EVENT_LATE_MS;
  });
}
