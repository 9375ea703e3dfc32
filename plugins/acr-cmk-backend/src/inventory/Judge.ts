import type { Fact, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  encryptedRegistryOf,
  principalOf,
  type RegistryFactBundle,
  versionNotReadYet,
} from '../cmk/encryptedRegistry';
import type { Registry } from '../cmk/registry';
import { nextChangeAt, severityOf, verdictOf } from '../cmk/verdict';
import type { IdentityFacts } from '../azure/ports';
import type { Clock } from '../database/clock';
import { isSqlite } from '../database/sqlite';
import {
  azureNow,
  keyWithoutVault,
  sinceOf,
  toFact,
  vaultNotFound,
  vaultNotListed,
} from './facts';
import { identityExists } from './identityExists';
import { InventoryRows } from './rows';
import { subscriptionOf, UnreadableFacts } from './rows/readings';

/** When one is tried again of which something cannot be read, if no reading came before. Milliseconds. */
const UNREADABLE_MS = 5 * 60_000;

/** When one is judged again whose key may lack the version in use only because it was not read since. Milliseconds. */
const KEY_TOO_OLD_MS = 5 * 60_000;

/** Registries that are judged in one transaction: short enough for the thread that serves the portal. */
const BATCH = 20;

const IDENTITY_NOT_FOUND = {
  kind: 'not-found',
  code: 'IdentityNotListed',
  message: 'The identity is in none of the subscriptions that were listed',
} as const;

/**
 * Keeps the verdict in the row of each registry. Whoever keeps facts marks the registries behind
 * them as due; those are judged again, and so are those for which the time has come.
 */
export class Judge {
  readonly #db: Knex;
  readonly #clock: Clock;
  readonly #subscriptions: readonly string[];
  readonly #judged: (registryKeys: readonly string[]) => void;
  readonly #unreadable: (rows: readonly UnreadableFacts[]) => Promise<void>;
  readonly #locks: boolean;

  constructor(options: {
    db: Knex;
    clock: Clock;
    /** Those that are listed: a vault in none of them is not to be found. */
    subscriptions: readonly string[];
    /** Called with the keys of what was judged, after that is durable. */
    judged?: (registryKeys: readonly string[]) => void;
    /** Called with rows that cannot be read, so that they are read from Azure again. Default: they wait. */
    unreadable?: (rows: readonly UnreadableFacts[]) => Promise<void>;
  }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#subscriptions = options.subscriptions;
    this.#judged = options.judged ?? (() => undefined);
    this.#unreadable = options.unreadable ?? (async () => undefined);
    this.#locks = !isSqlite(options.db);
  }

  /** Judges everything that is due. @returns how many */
  async judgeDue(isStopped: () => boolean = () => false): Promise<number> {
    let judged = 0;
    while (!isStopped()) {
      const unreadable: UnreadableFacts[] = [];
      const ofBatch = await this.#db.transaction(trx =>
        this.#judgeSome(trx, unreadable),
      );
      if (unreadable.length > 0) await this.#unreadable(unreadable);
      if (ofBatch.length > 0) this.#judged(ofBatch);
      judged += ofBatch.length;
      if (ofBatch.length < BATCH) break;
      // Others have their turn between two batches.
      await new Promise(resolve => setImmediate(resolve));
    }
    return judged;
  }

  /**
   * A row stays locked while it is judged, so that facts which arrive meanwhile mark it as due
   * afterwards. Rows that somebody is writing are left for the next time: nobody waits for us, and we
   * for nobody. One of which something cannot be unpacked is left without a verdict, and holds up no other.
   */
  async #judgeSome(
    trx: Knex.Transaction,
    unreadable: UnreadableFacts[],
  ): Promise<string[]> {
    const now = await this.#clock.now(trx);
    const due: any[] = await trx('registries')
      .where('judge_at', '<=', now)
      .orderBy('judge_at')
      .limit(BATCH)
      .modify(query => {
        if (this.#locks) query.forUpdate().skipLocked();
      })
      .select('id');
    if (due.length === 0) return [];
    const rows = new InventoryRows(trx, this.#clock);
    const ids: string[] = due.map(({ id }) => id);
    const bundles = await this.#bundles(ids, rows);
    for (const id of ids) {
      const bundle = bundles.get(id);
      if (bundle instanceof UnreadableFacts) unreadable.push(bundle);
      await trx('registries').where({ id }).update(columnsOf(bundle, now));
    }
    return ids;
  }

  /** What is known of these registries, without asking Azure. */
  async #bundles(
    ids: readonly string[],
    rows: InventoryRows,
  ): Promise<Map<string, Judged | UnreadableFacts>> {
    const found = await readable(() => rows.registries.getAll(ids));
    if (found instanceof UnreadableFacts) {
      const rest = ids.filter(id => id !== found.key);
      return (await this.#bundles(rest, rows)).set(found.key, found);
    }
    const bundles = new Map<string, Judged | UnreadableFacts>();
    for (const { id, fact } of found) {
      const registry = toFact(fact);
      if (!registry.known) continue;
      const bundle = await readable(() => this.#bundle(registry.value, rows));
      bundles.set(
        id,
        bundle instanceof UnreadableFacts
          ? bundle
          : {
              registry,
              bundle: { ...bundle, registrySince: sinceOf(registry) },
            },
      );
    }
    return bundles;
  }

  async #bundle(
    registry: Registry,
    rows: InventoryRows,
  ): Promise<RegistryFactBundle> {
    const { key } = registry;
    if (!key) return { registry };
    const { vaultName } = key;
    const stored = await rows.vaults.named(vaultName);
    const vault = stored
      ? toFact(stored.fact)
      : toFact<VaultFacts>(
          undefined,
          (await this.#isListed('vaults', rows))
            ? vaultNotFound(vaultName)
            : vaultNotListed(vaultName),
        );
    const exists = await identityExists(registry, {
      idOf: clientId => rows.identities.idOf(clientId),
      identity: id => this.#identity(id, rows),
    });
    const keyRow = await rows.keys.get(key);
    if (!vault.known) {
      return {
        registry,
        vault,
        key: keyWithoutVault(vaultName, vault.problem, keyRow),
        ...exists,
      };
    }
    const principalId = principalOf(registry);
    return {
      registry,
      vault,
      key: toFact(keyRow),
      assignments:
        vault.value.permissionModel === 'rbac' && principalId
          ? toFact(await rows.access.get({ principalId, key }))
          : undefined,
      ...exists,
    };
  }

  async #identity(
    resourceId: string,
    rows: InventoryRows,
  ): Promise<Fact<IdentityFacts>> {
    const stored = await rows.identities.of(resourceId).read();
    const isOurs = this.#subscriptions.includes(subscriptionOf(resourceId));
    return stored || !isOurs || !(await this.#isListed('identities', rows))
      ? toFact(stored)
      : toFact<IdentityFacts>(undefined, IDENTITY_NOT_FOUND);
  }

  async #isListed(
    kind: 'vaults' | 'identities',
    rows: InventoryRows,
  ): Promise<boolean> {
    const listings = await rows.listings.get(kind, this.#subscriptions);
    return listings.every(({ observedAt }) => observedAt !== undefined);
  }
}

interface Judged {
  registry: Extract<Fact<Registry>, { known: true }>;
  bundle: RegistryFactBundle;
}

async function readable<T>(
  read: () => Promise<T>,
): Promise<T | UnreadableFacts> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnreadableFacts) return error;
    throw error;
  }
}

function columnsOf(bundle: Judged | UnreadableFacts | undefined, now: number) {
  if (bundle instanceof UnreadableFacts) {
    return { ...notKnown(now), judge_at: now + UNREADABLE_MS };
  }
  return bundle ? verdictColumns(bundle, now) : notKnown(now);
}

function verdictColumns({ registry, bundle }: Judged, now: number) {
  const azure = azureNow(registry, now);
  const { state, findings, behindSince, expiresAt, versionCreatedAt } =
    verdictOf(bundle, azure);
  const next = nextChangeAt(bundle, azure);
  const againAt = [
    ...(next === undefined ? [] : [now + (next - azure)]),
    // A list that confirms the key changes no facts, and decides this.
    ...(isKeyTooOld(bundle, azure) ? [now + KEY_TOO_OLD_MS] : []),
  ];
  return {
    state: state.id,
    state_message: state.message,
    severity: severityOf(findings),
    findings: JSON.stringify(
      findings.flatMap(({ id, verdict }) => (verdict === 'found' ? [id] : [])),
    ),
    undecided: JSON.stringify(
      findings.flatMap(({ id, verdict }) =>
        verdict === 'undecided' ? [id] : [],
      ),
    ),
    behind_since: behindSince ?? null,
    expires_at: expiresAt ?? null,
    version_created_at: versionCreatedAt ?? null,
    judged_at: now,
    judge_at: againAt.length === 0 ? null : Math.min(...againAt),
  };
}

/** Is the version in use unknown because the key was not read, or listed as unchanged, since the registry is as it is? */
function isKeyTooOld(bundle: RegistryFactBundle, azure: number): boolean {
  const encrypted = encryptedRegistryOf(bundle, azure);
  return encrypted !== undefined && versionNotReadYet(encrypted) !== undefined;
}

/** Its facts were never read, or it is gone. */
function notKnown(now: number) {
  return {
    state: null,
    state_message: null,
    severity: null,
    findings: null,
    undecided: null,
    behind_since: null,
    expires_at: null,
    version_created_at: null,
    judged_at: now,
    judge_at: null,
  };
}
