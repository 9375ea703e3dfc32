import {
  type AzureProblem,
  type KeyFacts,
  RegistryId,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { LoggerService } from '@backstage/backend-plugin-api';
import pLimit from 'p-limit';
import { AzureError } from '../../azure/AzureError';
import type { AzureAnswer } from '../../azure/transport/answer';
import type { Context } from '../../platform/context';
import type { InventoryRows, StoredReading } from '../rows';
import { type Reading, type StoredFact } from '../rows/FactTable';
import type { SubscriptionLists } from '../SubscriptionLists';
import { withUsableId } from '../rows/toRegistry';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import { accessOfSubject, keyOfSubject } from '../rows/subjects';
import type { ReadQueue, Claimed } from '../rows/ReadQueue';
import { KEY_AGE_MS } from './StaleRows';
import { isMomentBetween } from './turns';

/** Taken at once of a subscription. */
const BATCH = 200;
/** Subscriptions that are read from at the same time: Azure counts the calls of each apart. */
const SUBSCRIPTIONS = 12;
/**
 * Readings of a subscription at the same time. Azure's 25 calls in a second, each answered after 100 to 300 ms,
 * are as many.
 */
const CONCURRENCY = 8;
/**
 * Keys that are kept in one transaction. With SQLite a commit waits for the disk, and the thread of the
 * portal with it; more at once would take that thread as long by their writing.
 */
const KEPT_AT_ONCE = 40;
/** From so many registries of one subscription on, the whole subscription is listed: a few pages. */
const LISTED_FROM = 100;
/** Wait when Azure asks for one without saying how long. */
const THROTTLED_MS = 30_000;

/** A key that was read from Azure, and that is not kept yet. */
interface ReadKey {
  claimed: Claimed;
  facts: KeyFacts;
  reading: Reading;
}

/** Vaults that were looked up for a batch, by their hosts: it mostly holds many keys of each. */
type VaultLookup = Map<string, ReturnType<InventoryRows['vaults']['named']>>;

interface ReadingOptions {
  isStopped(): boolean;
  keysKept(): void;
}

/** One reading of one thing. */
interface ReadingOfOne {
  stored: StoredReading<never>;
  /** @param readAt - when the reading began */
  ask(readAt: number): Promise<AzureAnswer<unknown>>;
}

interface QueueReaderDeps extends Pick<Context, 'azure' | 'clock'> {
  queue: ReadQueue;
  rows: InventoryRows;
  lists: Pick<SubscriptionLists, 'list'>;
  logger: Pick<LoggerService, 'debug'>;
}

/** Reads what is queued from ARM, each thing alone. */
export class QueueReader {
  readonly #deps: QueueReaderDeps;

  constructor(deps: QueueReaderDeps) {
    this.#deps = deps;
  }

  /**
   * Reads everything that is due, the subscriptions beside each other.
   *
   * @param keysKept - called each time that keys have been kept
   * @returns how many were read
   */
  async readDue(
    isStopped: () => boolean = () => false,
    keysKept: () => void = () => undefined,
  ): Promise<number> {
    const slots = pLimit(SUBSCRIPTIONS);
    let read = 0;
    while (!isStopped()) {
      const subscriptions = await this.#deps.queue.subscriptions();
      if (subscriptions.length === 0) return read;
      const counts = await Promise.all(
        subscriptions.map(subscription =>
          slots(() =>
            this.#readSubscription(subscription, { isStopped, keysKept }),
          ),
        ),
      );
      read += counts.reduce((sum, count) => sum + count.read, 0);
      // Another session holds what is due: the next turn looks again.
      if (counts.every(({ claimed }) => claimed === 0)) return read;
    }
    return read;
  }

  /** @returns how many were claimed, and how many of them were read */
  async #readSubscription(
    subscription: string,
    options: ReadingOptions,
  ): Promise<{ claimed: number; read: number }> {
    let claimed = 0;
    let read = 0;
    while (!options.isStopped()) {
      const due = await this.#deps.queue.claim(subscription, BATCH);
      if (due.length === 0) break;
      claimed += due.length;
      const rest = await this.#listMany(subscription, due);
      read += due.length - rest.length;
      read += await this.#readEach(rest, options);
    }
    return { claimed, read };
  }

  /** @returns how many were read */
  async #readEach(
    claimed: readonly Claimed[],
    { isStopped, keysKept }: ReadingOptions,
  ): Promise<number> {
    const queue = [...claimed];
    const left: Claimed[] = [];
    const keys: ReadKey[] = [];
    const vaults: VaultLookup = new Map();
    let read = 0;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          await backgroundThrottle.turn();
          if (isStopped()) {
            left.push(next);
            return;
          }
          if (await this.#readOne(next, { keys, vaults })) read += 1;
          if (keys.length >= KEPT_AT_ONCE) {
            await this.#keepKeys(keys.splice(0));
            keysKept();
          }
        }
      }),
    );
    if (keys.length > 0) await this.#keepKeys(keys);
    // The turn has to end. The next one reads these.
    if (left.length > 0 || queue.length > 0) {
      await this.#deps.queue.release([...left, ...queue]);
    }
    return read;
  }

  async #keepKeys(read: readonly ReadKey[]): Promise<void> {
    if (read.length === 0) return;
    await this.#deps.rows.keys.keepEach(
      read.map(({ facts, reading }) => ({
        name: { vaultName: facts.vaultName, keyName: facts.name },
        facts,
        reading,
      })),
      read[0].reading,
    );
    await this.#deps.queue.done(read.map(({ claimed }) => claimed));
  }

  /** Lists the registries of a subscription if many are due. @returns what is left to be read one by one */
  async #listMany(subscription: string, due: Claimed[]): Promise<Claimed[]> {
    const registries = due.filter(({ kind }) => kind === 'registry');
    if (registries.length < LISTED_FROM) return due;
    const ids = await this.#list(subscription);
    const listed = new Set(
      registries.filter(({ subject }) => ids.has(subject)),
    );
    await this.#deps.queue.done([...listed]);
    return due.filter(each => !listed.has(each));
  }

  /** @returns the registries that a list held; none when it failed */
  async #list(subscription: string): Promise<ReadonlySet<string>> {
    const readAt = await this.#deps.clock.now();
    try {
      const part = { kind: 'registries', subscription } as const;
      return (await this.#deps.lists.list(part, readAt)).ids;
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      return new Set();
    }
  }

  /**
   * @param batch.keys - takes a key that was read; everything else is kept at once
   * @returns whether it was read from Azure
   */
  async #readOne(
    claimed: Claimed,
    { keys, vaults }: { keys: ReadKey[]; vaults: VaultLookup },
  ): Promise<boolean> {
    const reading = await this.#readingOf(claimed, vaults);
    if (!reading) {
      // Nothing leads to it any more.
      await this.#deps.queue.done([claimed]);
      return false;
    }
    const readAt = await this.#deps.clock.now();
    const { kind, subject, reason, attempts } = claimed;
    this.#deps.logger.debug(
      `Reading the ${kind} ${subject}: ${reason}${
        attempts > 0 ? `, after ${attempts} failures` : ''
      }`,
    );
    try {
      const { value, azureAt } = await reading.ask(readAt);
      const times = { readAt, azureAt };
      if (claimed.kind === 'key') {
        keys.push({ claimed, facts: value as KeyFacts, reading: times });
      } else {
        await reading.stored.keep(value as never, times);
        await this.#deps.queue.done([claimed]);
      }
      return true;
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      await this.#failed(claimed, reading, { error, readAt });
      return false;
    }
  }

  async #failed(
    claimed: Claimed,
    { stored }: ReadingOfOne,
    { error, readAt }: { error: AzureError; readAt: number },
  ): Promise<void> {
    if (error.kind === 'throttled') {
      const { retry } = error;
      const seconds = retry.kind === 'later' ? retry.afterSeconds : undefined;
      await this.#deps.queue.failed(
        claimed,
        seconds === undefined ? THROTTLED_MS : Math.max(seconds, 1) * 1000,
      );
      return;
    }
    const problem: AzureProblem = error.toProblem();
    await stored.keepProblem(problem, readAt);
    // That it is gone, or forbidden, is an answer.
    if (['not-found', 'denied'].includes(error.kind)) {
      await this.#deps.queue.done([claimed]);
    } else {
      await this.#deps.queue.failed(claimed);
    }
  }

  async #readingOf(
    { kind, subject, reason }: Claimed,
    lookup: VaultLookup,
  ): Promise<ReadingOfOne | undefined> {
    const { registries, vaults, identities, keys, access } = this.#deps.rows;
    const azure = this.#deps.azure;
    const vaultAt = async (host: string) => {
      const vaultName = vaultNameOfHost(host);
      const found = lookup.get(host) ?? vaults.named(vaultName);
      lookup.set(host, found);
      const vault = await found;
      return vault && { id: vault.id, vaultName };
    };
    switch (kind) {
      case 'registry': {
        const id = RegistryId.tryParse(subject);
        return (
          id && {
            stored: registries.of(id) as never,
            ask: async () => withUsableId(id, await azure.registries.get(id)),
          }
        );
      }
      case 'vault':
        return {
          stored: vaults.of(subject) as never,
          ask: () => azure.vaults.get(subject),
        };
      case 'identity':
        return {
          stored: identities.of(subject) as never,
          ask: () => azure.identities.get(subject),
        };
      case 'key': {
        const place = keyOfSubject(subject);
        const vault = place && (await vaultAt(place.vault_host));
        if (!vault) return undefined;
        const { name: keyName } = place;
        const stored = keys.of({ ...vault, keyName });
        return {
          stored: stored as never,
          ask: async readAt =>
            azure.keys.get(
              vault.id,
              keyName,
              reason === 'in-use'
                ? wholeToday(subject, await stored.read(), readAt)
                : undefined,
            ),
        };
      }
      case 'access': {
        const place = accessOfSubject(subject);
        const vault = place && (await vaultAt(place.vault_host));
        if (!vault) return undefined;
        const { principal_id: principalId, key_name: keyName } = place;
        const key = { ...vault, keyName };
        return {
          stored: access.of({ principalId, key }) as never,
          ask: () =>
            azure.access.assignmentsFor(
              principalId,
              `${vault.id}/keys/${keyName}`,
            ),
        };
      }
      default:
        throw new Error(`${kind satisfies never} cannot be read`);
    }
  }
}

/**
 * Facts of a key of which the versions alone have to be read: it was read whole within the day, nothing of ours has
 * changed it since, and it could be read the last time. Looked up after the reading has begun, so that a change of
 * ours either shows here or makes this reading old.
 */
function wholeToday(
  subject: string,
  known: StoredFact<KeyFacts> | undefined,
  readAt: number,
): KeyFacts | undefined {
  const { value, observedAt, expiredAt = -Infinity, problem } = known ?? {};
  if (!value || observedAt === undefined || problem) return undefined;
  const period = { periodMs: KEY_AGE_MS, from: observedAt, to: readAt };
  return expiredAt >= observedAt || isMomentBetween(subject, period)
    ? undefined
    : value;
}
