import type {
  AzureProblem,
  Fact,
  KeyIdentifier,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  type DeletedKey,
  encryptedRegistryOf,
  principalOf,
  type RegistryFactBundle,
  versionNotReadYet,
} from '../domain/encryptedRegistry';
import { isMissing } from '../domain/isMissing';
import type { Registry } from '../domain/registry';
import { nextChangeAt, severityOf, verdictOf } from '../domain/verdict';
import type { IdentityFacts } from '../azure/arm/identityFacts';
import type { Clock } from '../platform/database/clock';
import { inTransaction } from '../platform/database/inTransaction';
import { isSqlite } from '../platform/database/sqlite';
import type { VerdictColumns } from '../platform/database/tables';
import {
  azureNow,
  keyWithoutVault,
  sinceOf,
  toFact,
  GROUP_IN_PART,
  GROUP_NOT_KNOWN,
  VAULT_NOT_LISTED,
  vaultNotFound,
  vaultNotListed,
} from './facts';
import type { ChangesOf } from './Inventory';
import { FactStore } from './FactStore';
import { identityExists } from './identityExists';
import { fleetChanged } from './rows/fleetChanges';
import { yieldToEventLoop } from '../platform/time/yieldToEventLoop';
import { InventoryRows, type StoredFact } from './rows';
import type { KnownBundle } from './rows/knownBundle';
import { judgeAgain, keepVerdicts, type Verdict } from './rows/verdicts';
import { SyncState } from './refresh/SyncState';
import { batchesOf } from '../platform/database/batches';
import { lower } from '../platform/text';
import { subscriptionOf } from '../azure/armIds';

/** Delay after which a registry is judged again whose key may lack the version in use only because it was not read since. Milliseconds. */
const KEY_TOO_OLD_MS = 5 * 60_000;

/** Registries that are judged in one transaction. */
const BATCH = 80;
/**
 * Registries of a batch whose facts are in memory at once. Then others have their turn in the thread that serves the
 * portal.
 */
const AT_ONCE = 20;

/** Name of the rules that judged last. */
const RULES = 'rules';

const IDENTITY_NOT_FOUND = {
  kind: 'not-found',
  code: 'IdentityNotListed',
  message: 'The identity is in none of the subscriptions that were listed',
} as const;

/** Verdict of a registry whose facts were never read, or that is gone. */
const NOT_KNOWN: VerdictColumns = {
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

interface JudgeDeps {
  db: Knex;
  clock: Clock;
  /** Subscriptions that are listed. A vault outside them cannot be found. */
  subscriptions: readonly string[];
  /** Reason why there may be other subscriptions. Absent where each is named. */
  scopeProblem?: () => AzureProblem | undefined;
  /** Changes by this portal, of registries by their keys. */
  changesOf: (db: Knex, ...of: Parameters<ChangesOf>) => ReturnType<ChangesOf>;
  /** Called with the keys of what was judged, after that is durable. */
  judged?: (registryKeys: readonly string[]) => void;
}

/**
 * Keeps the verdict in the row of each registry. Storing facts marks the registries behind
 * them as due; those are judged again, and so are those for which the time has come.
 */
export class Judge {
  readonly #deps: JudgeDeps;
  readonly #judged: (registryKeys: readonly string[]) => void;
  readonly #locks: boolean;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#judged = deps.judged ?? (() => undefined);
    this.#locks = !isSqlite(deps.db);
  }

  /**
   * Marks every registry as due when other rules judged last. During a rolling upgrade two releases take turns;
   * each turn ends with the rules of the one that judges.
   *
   * @param rules - fingerprint of the rules of this process
   */
  async useRules(rules: string): Promise<void> {
    await inTransaction(this.#deps.db, async trx => {
      const state = new SyncState({ db: trx, clock: this.#deps.clock });
      const last = await state.get<string>(RULES);
      if (last?.value === rules) return;
      await state.set(RULES, rules);
      await judgeAgain(trx, all => all);
    });
  }

  /** Judges everything that is due. @returns how many */
  async judgeDue(isStopped: () => boolean = () => false): Promise<number> {
    let judged = 0;
    while (!isStopped()) {
      const ofBatch = await this.#deps.db.transaction(trx =>
        this.#judgeSome(trx),
      );
      if (ofBatch.length > 0) this.#judged(ofBatch);
      judged += ofBatch.length;
      if (ofBatch.length < BATCH) break;
      await yieldToEventLoop();
    }
    return judged;
  }

  /**
   * A row stays locked while it is judged, so that facts which arrive meanwhile mark it as due
   * afterwards. Rows that somebody is writing are left for the next time: nobody waits for us, and we
   * for nobody.
   */
  async #judgeSome(trx: Knex.Transaction): Promise<string[]> {
    const now = await this.#deps.clock.now(trx);
    const ids = await trx('registries')
      .where('judge_at', '<=', now)
      .orderBy('judge_at')
      .limit(BATCH)
      .modify(query => {
        if (this.#locks) query.forUpdate().skipLocked();
      })
      .pluck('id');
    if (ids.length === 0) return [];
    const rows = new InventoryRows(trx, this.#deps.clock);
    const verdicts: Verdict[] = [];
    for (const some of batchesOf(ids, AT_ONCE)) {
      const bundles = await this.#bundles(some, { trx, rows });
      for (const id of some) {
        const judged = bundles.get(id);
        verdicts.push({
          id,
          ...(judged ? verdictColumns(judged, now) : NOT_KNOWN),
        });
      }
      await yieldToEventLoop();
    }
    await keepVerdicts(trx, verdicts);
    await fleetChanged(trx);
    return ids;
  }

  /** Stored facts of these registries, without a call to Azure. */
  async #bundles(
    ids: readonly string[],
    { trx, rows }: { trx: Knex.Transaction; rows: InventoryRows },
  ): Promise<Map<string, Judged>> {
    const known = await rows.bundlesOf(ids);
    const registries = new Map<string, Judged['registry']>();
    for (const [id, bundle] of known) {
      const registry = toFact(bundle.registry);
      if (registry.known) registries.set(id, registry);
    }
    const changes = await this.#deps.changesOf(
      trx,
      [...registries.values()].map(({ value }) => value),
    );
    const around = await this.#around([...registries.values()], {
      known,
      rows,
      facts: new FactStore(trx),
    });
    const judged = new Map<string, Judged>();
    for (const [id, registry] of registries) {
      const bundle = await this.#bundle(registry, known.get(id)!, around);
      judged.set(id, {
        registry,
        bundle: {
          ...bundle,
          registrySince: sinceOf(registry),
          changes: changes.get(id),
        },
      });
    }
    return judged;
  }

  /** Facts that several registries share, read once, when the first of them needs them. */
  async #around(
    registries: readonly Judged['registry'][],
    {
      known,
      rows,
      facts,
    }: {
      known: ReadonlyMap<string, KnownBundle>;
      rows: InventoryRows;
      facts: FactStore;
    },
  ): Promise<Around> {
    const identities = new Map(
      [...known.values()].flatMap(({ identity }) =>
        identity ? [[identity.id, identity.fact] as const] : [],
      ),
    );
    const others = registries
      .flatMap(({ value }) => value.userAssignedIdentities)
      .map(({ resourceId }) => lower(resourceId))
      .filter(id => !identities.has(id));
    for (const [id, fact] of await rows.identities.ofAll([
      ...new Set(others),
    ])) {
      identities.set(id, fact);
    }
    const listed: Partial<
      Record<'vaults' | 'identities', Promise<number | undefined>>
    > = {};
    return {
      identities,
      idOf: clientId => rows.identities.idOf(clientId),
      stored: id => rows.identities.of(id).read(),
      listedAt: kind => (listed[kind] ??= this.#listedAt(kind, rows)),
      deletedKey: async key =>
        toFact(
          await facts
            .of<DeletedKey>({ kind: 'deleted-key', subject: key.keyOfKey })
            .read(),
        ),
    };
  }

  async #bundle(
    fact: Judged['registry'],
    known: KnownBundle,
    around: Around,
  ): Promise<RegistryFactBundle> {
    const registry = fact.value;
    const since = sinceOf(fact);
    const { key } = registry;
    if (!key) return { registry };
    const { vaultName } = key;
    const vault = known.vault
      ? toFact(known.vault.fact)
      : toFact<VaultFacts>(
          undefined,
          this.#deps.scopeProblem?.() ??
            (((await around.listedAt('vaults')) ?? -1) >= since
              ? vaultNotFound(vaultName)
              : vaultNotListed(vaultName)),
        );
    const exists = await identityExists(registry, {
      idOf: around.idOf,
      identity: id => this.#identity(id, around),
    });
    if (!vault.known) {
      return {
        registry,
        vault,
        key: keyWithoutVault(vaultName, vault.problem, known.key),
        ...exists,
      };
    }
    const keyFacts = toFact(known.key);
    return {
      registry,
      vault,
      key: keyFacts,
      ...(isMissing(keyFacts) && {
        deletedKey: await around.deletedKey(key),
      }),
      assignments:
        vault.value.permissionModel === 'rbac' && principalOf(registry)
          ? toFact(known.access)
          : undefined,
      ...exists,
    };
  }

  async #identity(
    resourceId: string,
    { identities, stored: ask, listedAt }: Around,
  ): Promise<Fact<IdentityFacts>> {
    const stored = identities.get(lower(resourceId)) ?? (await ask(resourceId));
    const isOurs = this.#deps.subscriptions.includes(
      subscriptionOf(resourceId),
    );
    return stored || !isOurs || (await listedAt('identities')) === undefined
      ? toFact(stored)
      : toFact<IdentityFacts>(undefined, IDENTITY_NOT_FOUND);
  }

  /** Time when the oldest of the listings of all subscriptions began; undefined when one never did. */
  async #listedAt(
    kind: 'vaults' | 'identities',
    rows: InventoryRows,
  ): Promise<number | undefined> {
    const listings = await rows.listings.get(kind, this.#deps.subscriptions);
    const times = listings.map(({ observedAt }) => observedAt ?? -1);
    const oldest = Math.min(...times);
    return oldest < 0 ? undefined : oldest;
  }
}

/** Facts shared by the registries of one batch. */
interface Around {
  /** Identities that the registries name, by lower-case id. */
  identities: Map<string, StoredFact<IdentityFacts>>;
  idOf(clientId: string): Promise<string | undefined>;
  /** The row of one that they do not name. */
  stored(id: string): Promise<StoredFact<IdentityFacts> | undefined>;
  /** Time since which all items of a kind in the subscriptions are known. */
  listedAt(kind: 'vaults' | 'identities'): Promise<number | undefined>;
  /** The soft-deleted key as it was last read. */
  deletedKey(key: KeyIdentifier): Promise<Fact<DeletedKey>>;
}

interface Judged {
  registry: Extract<Fact<Registry>, { known: true }>;
  bundle: RegistryFactBundle;
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
    judge_at: againAt.length === 0 ? null : Math.min(...againAt),
  };
}

/** Codes of problems of a vault that a later listing may end. */
const MAY_BE_LISTED: ReadonlySet<string> = new Set([
  VAULT_NOT_LISTED,
  GROUP_IN_PART,
  GROUP_NOT_KNOWN,
]);

/**
 * Is something unknown because the key was not read, or the vaults were not listed, since the registry is as
 * it is?
 */
function isKeyTooOld(bundle: RegistryFactBundle, azure: number): boolean {
  const encrypted = encryptedRegistryOf(bundle, azure);
  const { vault } = bundle;
  return (
    encrypted !== undefined &&
    (versionNotReadYet(encrypted) !== undefined ||
      (vault?.known === false && MAY_BE_LISTED.has(vault.problem.code)))
  );
}
