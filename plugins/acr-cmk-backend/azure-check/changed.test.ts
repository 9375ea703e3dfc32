import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import {
  type AssumptionChanges,
  assumedRefusals,
  assumptionsIn,
  type RefusalChange,
  type RefusalWords,
  REVOKE_KINDS,
} from 'azure-emulator';
import { type Emulated, startEmulated } from './__testUtils__/emulated';
import { agrees } from './measured';
import { PROBES } from './probes';
import { assumedByName, type AssumptionReport, type Report } from './report';

// A whole check, of several hundred requests.
jest.setTimeout(180_000);

/** Where events arrive, for the emulator in this process: at a port that is free. */
let eventOptions: string[];
beforeAll(async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  eventOptions = [
    ...['--events-port', String(port)],
    ...['--events-url', `http://127.0.0.1:${port}/`],
    ...['--events-app', '12121212-3434-4565-8787-909090909090'],
  ];
});

/** Refusals that the check asks for. */
const ASKED = Object.entries(assumedRefusals()).filter(([name]) =>
  PROBES.some(({ about }) => about.includes(`refusals.${name}`)),
);

/**
 * What is changed without the check's knowledge, in as few runs as possible: where one change hides another,
 * they are in different ones.
 */
const RUNS: Record<string, AssumptionChanges> = {
  'what takes time': {
    followDelaySeconds: 7200,
    followRetrySeconds: 1800,
    registryOperationSeconds: 40,
    operationRetryAfterSeconds: null,
    operationRunningStatus: 'Updating',
    roleAssignmentDelaySeconds: 90,
    roleRemovalDelaySeconds: 45,
    accessPolicyDelaySeconds: 60,
    deletedKeyDelaySeconds: 30,
    recoveredKeyDelaySeconds: 20,
    keyPageSize: 10,
    resourceGraphDelaySeconds: 120,
    resourceGraphFollowDelaySeconds: 3000,
    resourceGraphPaging: 'losing',
    eventDelaySeconds: 120,
    eventDelivery: 'twice',
    deliveryTokenVersion: 2,
    pulls: Object.fromEntries(
      REVOKE_KINDS.map((kind, index) => [
        kind,
        {
          stopAfterSeconds: 600 + 60 * index,
          returnAfterSeconds: 300 + 60 * index,
          status: 500 + index,
          code: `CODE_${index}`,
        },
      ]),
    ),
  },
  'what is or is not so': {
    userAssignedPassesBypass: false,
    disabledVersionUnwraps: true,
    expiredVersionUnwraps: false,
    revokedRegistryRefusesSignIn: false,
    resourceGraphShowsVersionInUse: false,
    resourceGraphCannotIndex: ['*/Microsoft.KeyVault/vaults/*'],
    resourceGraphPaging: 'doubling',
    eventDelivery: 'reversed',
    operationRetryAfterSeconds: 5,
    pulls: { versionDisabled: { stopAfterSeconds: null } },
  },
  'what is refused, and how': {
    resourceGraphPaging: 'shrinking',
    refusals: Object.fromEntries(
      ASKED.map(([name, { code, message }]) => [
        name,
        // The status and the code of this one are those of `pulls`.
        name === 'registry.keyOutOfReach'
          ? { message: `Other words: ${message}` }
          : { code: `${code}Too`, message: `Other words: ${message}` },
      ]),
    ),
  },
};

/** A set of changes by the names of the report. */
function byName(changes: AssumptionChanges): Map<string, unknown> {
  const { pulls = {}, refusals = {}, ...plain } = changes;
  return new Map<string, unknown>([
    ...Object.entries(plain),
    ...Object.entries(pulls).flatMap(([kind, fields]) =>
      Object.entries(fields).map(
        ([field, value]) => [`pulls.${kind}.${field}`, value] as const,
      ),
    ),
    ...Object.entries(refusals).map(
      ([name, change]) => [`refusals.${name}`, change] as const,
    ),
  ]);
}

const differing = ({ assumptions }: Report) =>
  assumptions.filter(({ verdict }) => verdict === 'differs');
const names = (some: AssumptionReport[]) => some.map(({ name }) => name).sort();

/** Was it measured as it had been changed? */
function isAs(
  changed: Map<string, unknown>,
  { name, measured, assumed }: AssumptionReport,
): boolean {
  const wanted = changed.get(name);
  // It tries several times until it has its key back.
  if (name === 'followRetrySeconds') return true;
  if (!name.startsWith('refusals.') || !('value' in measured!)) {
    return agrees(wanted, measured!) === true;
  }
  const { code, message } = measured.value as RefusalChange;
  const isAnyText = /^\{\w+\}$/.test((assumed as RefusalWords).message);
  return (
    code === (wanted as RefusalChange).code &&
    (isAnyText || message?.startsWith('Other words: ') === true)
  );
}

let azure: Emulated;
afterEach(() => azure.close());

/** The reports of the runs so far. */
const texts = new Map<string, string>();

async function checked(
  run: string,
  changes: AssumptionChanges,
): Promise<Report> {
  azure = await startEmulated(changes);
  const code = await azure.check('--yes', ...eventOptions);
  expect([code, await azure.left()]).toEqual([0, []]);
  texts.set(run, fs.readFileSync(azure.out, 'utf8'));
  return azure.report();
}

describe('an Azure that was changed without its knowledge', () => {
  it.each(Object.entries(RUNS))('%s', async (run, changes) => {
    const report = await checked(run, changes);
    const changed = byName(changes);
    expect(names(differing(report))).toEqual([...changed.keys()].sort());
    expect(differing(report).filter(each => !isAs(changed, each))).toEqual([]);
  });

  it('has every assumption changed in one of the runs', () => {
    azure = { close: async () => undefined } as Emulated;
    const changed = Object.values(RUNS).flatMap(changes => [
      ...byName(changes).keys(),
    ]);
    const asked = [...assumedByName().keys()].filter(name =>
      PROBES.some(({ about }) => about.includes(name)),
    );
    expect(asked.filter(name => !changed.includes(name))).toEqual([]);
  });

  it('is what an emulator becomes that is started with the report', async () => {
    const first: Report = JSON.parse(texts.get('what takes time')!);
    const second = await checked(
      'started with the report',
      assumptionsIn(texts.get('what takes time')!),
    );
    expect(names(differing(second))).toEqual(names(differing(first)));
    const settings = byName(first.emulator as AssumptionChanges);
    expect(differing(second).filter(each => !isAs(settings, each))).toEqual([]);
  });
});
