import type { Fact, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  encryptedRegistryOf,
  principalOf,
  type RegistryFactBundle,
  versionNotReadYet,
} from '../cmk/encryptedRegistry';
import type { Registry } from '../cmk/registry';
import { PLAIN_MESSAGES } from '../cmk/state';
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
import { othersFirst } from './othersFirst';
import { InventoryRows, type StoredFact } from './rows';
import { registryIdForm } from './rows/ids';
import type { JoinedBundle } from './rows/knownBundle';
import {
  batchesOf,
  lower,
  subscriptionOf,
  UnreadableFacts,
} from './rows/readings';
import { keepVerdicts, type VerdictColumns } from './rows/verdicts';

/** When one is tried again of which something cannot be read, if no reading came before. Milliseconds. */
const UNREADABLE_MS = 5 * 60_000;

/** When one is judged again whose key may lack the version in use only because it was not read since. Milliseconds. */
const KEY_TOO_OLD_MS = 5 * 60_000;

/** Registries that are judged in one transaction. */
const BATCH = 80;
/**
 * Of those, how many have their facts in memory at once. Then others have their turn in the thread that serves the
 * portal.
 */
const AT_ONCE = 20;

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
      await othersFirst();
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
    const ids: string[] = due.map(({ id }) => registryIdForm.toArm(id));
    const verdicts: ({ id: string } & VerdictColumns)[] = [];
    for (const some of batchesOf(ids, AT_ONCE)) {
      const bundles = await this.#bundles(some, rows);
      for (const id of some) {
        const bundle = bundles.get(id);
        if (bundle instanceof UnreadableFacts) unreadable.push(bundle);
        verdicts.push({
          id: registryIdForm.toRow(id),
          ...columnsOf(bundle, now),
        });
      }
      await othersFirst();
    }
    await keepVerdicts(trx, verdicts);
    return ids;
  }

  /** What is known of these registries, without asking Azure. */
  async #bundles(
    ids: readonly string[],
    rows: InventoryRows,
  ): Promise<Map<string, Judged | UnreadableFacts>> {
    const joined = await rows.bundlesOf(ids);
    const bundles = new Map<string, Judged | UnreadableFacts>();
    const known = new Map<string, Judged['registry']>();
    for (const [id, row] of joined) {
      const registry = readable(() => toFact(row.registry()));
      if (registry instanceof UnreadableFacts) bundles.set(id, registry);
      else if (registry.known) known.set(id, registry);
    }
    const around = await this.#around([...known.values()], rows);
    for (const [id, registry] of known) {
      const bundle = await this.#bundle(
        registry.value,
        joined.get(id)!,
        around,
      ).catch(orUnreadable);
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

  /** What several registries have in common: asked for once, when one of them needs it. */
  async #around(
    registries: readonly Judged['registry'][],
    rows: InventoryRows,
  ): Promise<Around> {
    const identities = await rows.identities.ofAll([
      ...new Set(
        registries.flatMap(({ value }) =>
          value.userAssignedIdentities.map(each => lower(each.resourceId)),
        ),
      ),
    ]);
    const listed: Partial<Record<'vaults' | 'identities', Promise<boolean>>> =
      {};
    return {
      identities,
      idOf: clientId => rows.identities.idOf(clientId),
      stored: id => rows.identities.of(id).read(),
      isListed: kind => (listed[kind] ??= this.#isListed(kind, rows)),
    };
  }

  async #bundle(
    registry: Registry,
    row: JoinedBundle,
    around: Around,
  ): Promise<RegistryFactBundle> {
    const { key } = registry;
    if (!key) return { registry };
    const { vaultName } = key;
    const stored = row.vault();
    const vault = stored
      ? toFact(stored.fact)
      : toFact<VaultFacts>(
          undefined,
          (await around.isListed('vaults'))
            ? vaultNotFound(vaultName)
            : vaultNotListed(vaultName),
        );
    const exists = await identityExists(registry, {
      idOf: around.idOf,
      identity: id => this.#identity(id, around),
    });
    const keyRow = row.key();
    if (!vault.known) {
      return {
        registry,
        vault,
        key: keyWithoutVault(vaultName, vault.problem, keyRow),
        ...exists,
      };
    }
    return {
      registry,
      vault,
      key: toFact(keyRow),
      assignments:
        vault.value.permissionModel === 'rbac' && principalOf(registry)
          ? toFact(row.access())
          : undefined,
      ...exists,
    };
  }

  async #identity(
    resourceId: string,
    { identities, stored: ask, isListed }: Around,
  ): Promise<Fact<IdentityFacts>> {
    const stored =
      identities.get(lower(resourceId))?.() ?? (await ask(resourceId));
    const isOurs = this.#subscriptions.includes(subscriptionOf(resourceId));
    return stored || !isOurs || !(await isListed('identities'))
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

/** What registries that are judged together have in common. */
interface Around {
  /** Those that the registries name, by id in lower case. */
  identities: Map<string, () => StoredFact<IdentityFacts>>;
  idOf(clientId: string): Promise<string | undefined>;
  /** The row of one that they do not name. */
  stored(id: string): Promise<StoredFact<IdentityFacts> | undefined>;
  /** Is everything of a kind known that the subscriptions hold? */
  isListed(kind: 'vaults' | 'identities'): Promise<boolean>;
}

interface Judged {
  registry: Extract<Fact<Registry>, { known: true }>;
  bundle: RegistryFactBundle;
}

function readable<T>(read: () => T): T | UnreadableFacts {
  try {
    return read();
  } catch (error) {
    return orUnreadable(error);
  }
}

function orUnreadable(error: unknown): UnreadableFacts {
  if (error instanceof UnreadableFacts) return error;
  throw error;
}

function columnsOf(
  bundle: Judged | UnreadableFacts | undefined,
  now: number,
): VerdictColumns {
  if (bundle instanceof UnreadableFacts) {
    return { ...notKnown(), judge_at: now + UNREADABLE_MS };
  }
  return bundle ? verdictColumns(bundle, now) : notKnown();
}

function verdictColumns(
  { registry, bundle }: Judged,
  now: number,
): VerdictColumns {
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
    state_message:
      state.message === PLAIN_MESSAGES[state.id] ? null : state.message,
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
    judge_at: againAt.length === 0 ? null : Math.min(...againAt),
  };
}

/** Is the version in use unknown because the key was not read, or listed as unchanged, since the registry is as it is? */
function isKeyTooOld(bundle: RegistryFactBundle, azure: number): boolean {
  const encrypted = encryptedRegistryOf(bundle, azure);
  return encrypted !== undefined && versionNotReadYet(encrypted) !== undefined;
}

/** Its facts were never read, or it is gone. */
function notKnown(): VerdictColumns {
  return {
    state: null,
    state_message: null,
    severity: null,
    findings: null,
    undecided: null,
    behind_since: null,
    expires_at: null,
    version_created_at: null,
    judge_at: null,
  };
}
