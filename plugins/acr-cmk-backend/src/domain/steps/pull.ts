import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { RegistriesPort } from '../../azure/ports';
import type { Observation, PullTest, StepOutputs } from './step';

/** Tests before an operation and now. One that got no answer is absent. */
export interface PullTests {
  before?: PullTest;
  now?: PullTest;
}

/** Conclusion from one test of pulls. */
export type PullConclusion =
  | 'served'
  | 'refused'
  /** The network rules of the registry do not admit this portal. */
  | 'closed'
  | 'not-tested';

/** Effect of an operation, as tests of pulls show it. */
export type PullEffect =
  | 'reached'
  | 'not-yet'
  /** Cannot be tested: the network rules of the registry do not admit this portal. */
  | 'closed'
  /** The registry refused pulls before the operation as well, or it is not known whether it did. */
  | 'refused-before'
  /** Cannot be tested: the read credential may not pull, or there is no image. */
  | 'not-allowed';

const NOT_ALLOWED =
  'the read credential may not pull from the registry, or the registry has no image';
const CLOSED = 'the registry is closed to this portal by its network rules';

const isOpen = ({ network }: PullTest) =>
  network.publicNetworkAccess && network.defaultAction === 'allow';

const haveSameRules = (a: PullTest, b: PullTest) =>
  JSON.stringify(a.network) === JSON.stringify(b.network);

/**
 * Reads one test. A 403 is the registry's own, and not that of its network rules, if these admit everybody, or
 * admitted this portal in the same test or under the same rules `earlier`.
 */
export function concludePull(
  test: PullTest | undefined,
  earlier?: PullTest,
): PullConclusion {
  if (!test) return 'not-tested';
  if (test.status === 403) {
    const isAdmitted =
      test.how === 'signed-in' ||
      isOpen(test) ||
      (earlier !== undefined &&
        earlier.status !== 403 &&
        haveSameRules(earlier, test));
    return isAdmitted && !test.notAdmitted ? 'refused' : 'closed';
  }
  return test.how === 'signed-in' && test.status === 200
    ? 'served'
    : 'not-tested';
}

/** Compares the registry's answer with the one from before the operation, against which alone it counts. */
export function pullEffect(
  wanted: 'refused' | 'answered',
  { before, now }: PullTests,
): PullEffect {
  const was = concludePull(before);
  const is = concludePull(now, before);
  if (is === 'closed') return 'closed';
  if (wanted === 'refused') {
    if (is !== 'refused') return 'not-yet';
    // Behind closed rules it was not known.
    const isKnown = before && was !== 'closed';
    return isKnown && was !== 'refused' ? 'reached' : 'refused-before';
  }
  if (is === 'served') return 'reached';
  if (is === 'refused' || !now) return 'not-yet';
  // An answer to a request without a credential shows only that the registry no longer refuses everybody.
  return was === 'refused' && before?.how === 'anonymous'
    ? 'reached'
    : 'not-allowed';
}

/** Words for the region that a test reached, after those for its answer; nothing for a registry in one region. */
function inRegion({ regions }: Pick<PullTest, 'regions'>): string {
  if (regions === 1) return '';
  return regions === undefined
    ? ' in one region; whether there are others is not known'
    : ` in one of ${regions} regions; the others are not known`;
}

/** Words for what was tested and answered, as in "Before the change, …". */
export function pullInWords(test: PullTest | undefined): string {
  if (!test) return 'pulls could not be tested: the registry did not answer';
  switch (concludePull(test)) {
    case 'served':
      return `a pull with the read credential works (HTTP ${
        test.status
      })${inRegion(test)}`;
    case 'refused':
      return `${
        test.how === 'signed-in'
          ? 'a pull with the read credential is refused'
          : 'the registry refuses every request'
      } (HTTP 403)${inRegion(test)}`;
    case 'closed':
      return `pulls could not be tested: ${CLOSED} (HTTP 403)`;
    default:
      return `pulls were not tested, because ${NOT_ALLOWED}; a request without a credential gets HTTP ${test.status}`;
  }
}

const sentence = (text: string) =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Words for the tests around a revoke. */
export function pullsAfterRevoke(tests: PullTests): string {
  const { now } = tests;
  const where = now ? inRegion(now) : '';
  switch (pullEffect('refused', tests)) {
    case 'reached':
      return `The registry now refuses pulls (HTTP 403)${where}`;
    case 'refused-before':
      return `The registry refuses pulls (HTTP 403)${
        concludePull(tests.before) === 'refused'
          ? `, as it did before${where && `,${where}`}`
          : `${where}. Whether it did before is not known`
      }`;
    case 'closed':
      return `Pulls could not be tested: ${CLOSED}`;
    default:
      return `${
        now && concludePull(now) === 'not-tested'
          ? `Pulls were not tested, because ${NOT_ALLOWED}`
          : sentence(pullInWords(now))
      }. When the registry notices is not documented: a request is repeated until it is refused`;
  }
}

/** Words for the tests around a restore. */
export function pullsAfterRestore(tests: PullTests): string {
  const where = tests.now ? inRegion(tests.now) : '';
  switch (pullEffect('answered', tests)) {
    case 'reached':
      return concludePull(tests.now) === 'served'
        ? sentence(pullInWords(tests.now))
        : `The registry no longer refuses every request${where}`;
    case 'closed':
      return `Pulls could not be tested: ${CLOSED}`;
    case 'not-allowed':
      return `Pulls were not tested, because ${NOT_ALLOWED}`;
    default:
      return tests.now
        ? `The registry still refuses pulls (HTTP 403)${where}. It is tested until it no longer does`
        : 'Pulls could not be tested: the registry did not answer. It is tested again';
  }
}

/** Outputs about the last test, for a later step and for the follow-up. */
export const pulledOutputs = (
  test: PullTest | undefined,
): { outputs?: StepOutputs } => (test ? { outputs: { pullAfter: test } } : {});

/** Evidence of a test: the answer, and to which request. */
export function observePull(test: PullTest | undefined): Observation {
  const how =
    test?.how === 'signed-in'
      ? 'manifest of an image, with the read credential'
      : 'GET /v2/ without a credential';
  return {
    what: 'pull',
    value: test ? `HTTP ${test.status} (${how})` : 'could not be tested',
  };
}

/** Tests a pull. The answer is evidence beside a proof: a registry that cannot be reached is no failure. */
export async function tryPull(
  azure: { registries: Pick<RegistriesPort, 'get' | 'regions' | 'testPull'> },
  registryId: RegistryId,
): Promise<PullTest | undefined> {
  try {
    const { value } = await azure.registries.get(registryId);
    const [answer, regions] = await Promise.all([
      azure.registries.testPull(value.loginServer),
      // Without the right to list them, their number is not known.
      azure.registries.regions(value).catch(() => undefined),
    ]);
    return {
      ...answer,
      network: value.network,
      ...(regions && { regions: regions.value.length }),
    };
  } catch {
    return undefined;
  }
}
