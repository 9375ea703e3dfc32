import {
  type Fact,
  FactsUnavailable,
  type Finding,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import {
  identityOf,
  type RegistryFactBundle,
} from '../../domain/encryptedRegistry';
import type { Registry } from '../../domain/registry';
import { consumerIdsOf } from '../plans/toPlan';
import { verdictOf } from '../../domain/verdict';
import type { FindingIds, OperationRecord } from '../../engine/types';
import type { Clock } from '../../platform/database/clock';
import { atPriority } from '../../azure/transport/budget';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import { azureNow } from '../../inventory/facts';
import { type Inventory, KNOWN, NOW } from '../../inventory/Inventory';

const idOf = ({ id, verdict }: Finding) =>
  verdict === 'found' ? id : `${id}?`;

interface FindingsDeps {
  inventory: Inventory;
  clock: Clock;
}

/** Registries that a campaign's operation changes, by its plan. */
const registriesOf = ({ registryId, plan }: OperationRecord): RegistryId[] => [
  ...new Map(
    [registryId, ...consumerIdsOf(plan)].map(id => [id.key, id]),
  ).values(),
];

/**
 * Findings on the registries of a campaign's operation before its first write, by what the gate has just read; undefined for
 * other operations.
 *
 * @throws PreconditionUnavailable when one of them is not known
 */
export async function findingsBefore(
  operation: OperationRecord,
  deps: FindingsDeps,
): Promise<FindingIds | undefined> {
  if (operation.campaignId === undefined) return undefined;
  try {
    return await findingsOf(registriesOf(operation), deps, { isProof: false });
  } catch (error) {
    if (!(error instanceof FactsUnavailable)) throw error;
    throw new PreconditionUnavailable(error.code, error.message);
  }
}

/**
 * Findings on the registries of an operation that are new since its first write, in words, by what Azure answers now: what was
 * known before proves nothing.
 *
 * @throws FactsUnavailable when a registry, or something that its encryption depends on, cannot be read now
 */
export async function newFindings(
  operation: OperationRecord,
  deps: FindingsDeps,
): Promise<string | undefined> {
  const ids = registriesOf(operation);
  const after = await atPriority('sync', () =>
    findingsOf(ids, deps, { isProof: true }),
  );
  return worsenedInWords(operation.findings ?? {}, after, ids);
}

type Known<T> = Extract<Fact<T>, { known: true }>;

async function findingsOf(
  ids: readonly RegistryId[],
  deps: FindingsDeps,
  { isProof }: { isProof: boolean },
): Promise<FindingIds> {
  const now = await deps.clock.now();
  const found: FindingIds = {};
  for (const id of ids) {
    const looked = await deps.inventory.look(id, isProof ? NOW : KNOWN);
    const { registry } = looked;
    if (!registry.known) {
      throw new FactsUnavailable(id.name, registry.problem.message);
    }
    const bundle = await looked.bundle(registry.value);
    if (isProof) await requireRead(registry, bundle, deps);
    const { findings } = verdictOf(bundle, azureNow(registry, now));
    found[id.key] = findings
      .filter(({ severity }) => severity !== 'info')
      .map(idOf)
      .sort();
  }
  return found;
}

/** @throws FactsUnavailable when a fact is from before, or could not be read because Azure does not answer */
async function requireRead(
  registry: Known<Registry>,
  { vault, key, assignments }: RegistryFactBundle,
  { inventory }: FindingsDeps,
): Promise<void> {
  const { registryId, encryption } = registry.value;
  const identity =
    encryption.identity === undefined
      ? undefined
      : identityOf(registry.value, encryption.identity).userAssigned;
  const facts: [what: string, fact: Fact<unknown> | undefined][] = [
    ['', registry],
    ['The vault of ', vault],
    ['The key of ', key],
    ['The access of ', assignments],
    [
      'The identity of ',
      // It was read for the bundle.
      identity && (await inventory.identities.of(identity.resourceId, KNOWN)),
    ],
  ];
  for (const [what, fact] of facts) {
    const problem = fact && problemOf(fact);
    if (problem) {
      throw new FactsUnavailable(`${what}${registryId.name}`, problem);
    }
  }
}

/** A refusal is an answer; the rules judge what it leaves undecided. */
function problemOf(fact: Fact<unknown>): string | undefined {
  if (fact.known) return fact.refreshProblem?.message;
  const { kind, message } = fact.problem;
  return kind === 'unavailable' || kind === 'throttled' ? message : undefined;
}

const toWords = (id: string) =>
  id.endsWith('?') ? `${id.slice(0, -1)} cannot be decided` : id;

/** Findings that became worse, in words; undefined when none did. */
function worsenedInWords(
  before: FindingIds,
  after: FindingIds,
  ids: readonly RegistryId[],
): string | undefined {
  const worse = ids.flatMap(({ key, name }) => {
    const had = new Set(before[key] ?? []);
    const added = (after[key] ?? []).filter(id => !had.has(id));
    return added.length > 0
      ? [`${name}: ${added.map(toWords).join(', ')}`]
      : [];
  });
  return worse.length > 0 ? worse.join('; ') : undefined;
}
