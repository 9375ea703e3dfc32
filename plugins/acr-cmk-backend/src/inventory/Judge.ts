import type { AzureProblem, Finding } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  encryptedRegistryOf,
  type RegistryFactBundle,
  versionNotReadYet,
} from '../domain/encryptedRegistry';
import { nextChangeAt, severityOf, verdictOf } from '../domain/verdict';
import { batchesOf } from '../platform/database/batches';
import { type Clock, isoTime } from '../platform/database/clock';
import { inTransaction } from '../platform/database/inTransaction';
import { isSqlite } from '../platform/database/sqlite';
import { readState, setState } from '../platform/database/state';
import type { RegistryRow, VerdictColumns } from '../platform/database/tables';
import { yieldToEventLoop } from '../platform/time/yieldToEventLoop';
import {
  azureNow,
  GROUP_IN_PART,
  GROUP_NOT_KNOWN,
  VAULT_NOT_LISTED,
} from './facts';
import type { ChangesOf } from './Inventory';
import { InventoryRows } from './rows';
import { fleetChanged } from './rows/fleetChanges';
import { keepEvents, type NewEvent } from './rows/history';
import { judgeAgain, keepVerdicts, type Verdict } from './rows/verdicts';
import { type StoredBundle, storedBundles } from './storedBundles';

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

/** Verdict of a registry whose facts were never read, or that is gone. */
const NOT_KNOWN: VerdictColumns = {
  state: null,
  state_since: null,
  state_message: null,
  severity: null,
  findings: null,
  undecided: null,
  behind_since: null,
  expires_at: null,
  version_created_at: null,
  judge_at: null,
};

export interface JudgeDeps {
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
      const last = await readState<string>(trx, RULES);
      if (last?.value === rules) return;
      const now = await this.#deps.clock.now(trx);
      await setState(trx, RULES, { value: rules, now });
      await judgeAgain(trx, all => all);
    });
  }

  /** Findings of registries by their rows alone, by the ids of these. Omits those whose facts were never read. */
  async findingsOf(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Finding[]>> {
    const { db, clock } = this.#deps;
    const now = await clock.now();
    const found = new Map<string, readonly Finding[]>();
    for (const some of batchesOf(ids, AT_ONCE)) {
      for (const [id, judged] of await this.#bundlesOf(some, db)) {
        const azure = azureNow(judged.registry, now);
        found.set(id, verdictOf(judged.bundle, azure).findings);
      }
      await yieldToEventLoop();
    }
    return found;
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
    const due: Pick<RegistryRow, 'id' | 'state' | 'state_since'>[] = await trx(
      'registries',
    )
      .where('judge_at', '<=', now)
      .orderBy('judge_at')
      .limit(BATCH)
      .modify(query => {
        if (this.#locks) query.forUpdate().skipLocked();
      })
      .select('id', 'state', 'state_since');
    if (due.length === 0) return [];
    const verdicts: Verdict[] = [];
    const events: NewEvent[] = [];
    for (const some of batchesOf(due, AT_ONCE)) {
      const bundles = await this.#bundlesOf(
        some.map(({ id }) => id),
        trx,
      );
      for (const { id, state: was, state_since } of some) {
        const judged = bundles.get(id);
        const verdict = judged ? verdictColumns(judged, now) : NOT_KNOWN;
        const { state, state_message } = verdict;
        const isSame = state === was;
        verdicts.push({ id, ...verdict, ...(isSame && { state_since }) });
        if (state && was && !isSame) {
          events.push({
            id,
            seenAt: isoTime(now),
            was,
            state,
            ...(state_message && { message: state_message }),
          });
        }
      }
      await yieldToEventLoop();
    }
    await keepVerdicts(trx, verdicts);
    await keepEvents(trx, events);
    await fleetChanged(trx);
    return due.map(({ id }) => id);
  }

  #bundlesOf(ids: readonly string[], db: Knex) {
    const { clock, changesOf, subscriptions, scopeProblem } = this.#deps;
    return storedBundles(ids, {
      rows: new InventoryRows(db, clock),
      changesOf: registries => changesOf(db, registries),
      subscriptions,
      scopeProblem,
    });
  }
}

function verdictColumns(
  { registry, bundle }: StoredBundle,
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
    state_since: now,
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
