import type { AssumptionChanges } from 'azure-emulator';
import {
  emulator,
  groupRequests,
  measure,
  useEmulatedAzure,
} from './__testUtils__/emulated';
import { settingsOf } from './answers';

// Hundreds of requests.
jest.setTimeout(300_000);

useEmulatedAzure();

const CHANGES: Record<string, AssumptionChanges> = {
  'that is slower': {
    followDelaySeconds: 7200,
    followRetrySeconds: 1800,
    registryOperationSeconds: 40,
    roleAssignmentDelaySeconds: 90,
    roleRemovalDelaySeconds: 45,
    accessPolicyDelaySeconds: 60,
    deletedKeyDelaySeconds: 30,
    recoveredKeyDelaySeconds: 20,
    resourceGraphDelaySeconds: 120,
    resourceGraphFollowDelaySeconds: 3000,
    pulls: {
      roleRemoved: { stopAfterSeconds: 600, returnAfterSeconds: 300 },
      accessPolicyRemoved: { stopAfterSeconds: 660, returnAfterSeconds: 360 },
      versionDisabled: { stopAfterSeconds: 720, returnAfterSeconds: 420 },
      keyDisabled: { stopAfterSeconds: 780, returnAfterSeconds: 480 },
      keyDeleted: { stopAfterSeconds: 840, returnAfterSeconds: 540 },
    },
  },
  'that answers otherwise': {
    operationRetryAfterSeconds: null,
    operationRunningStatus: 'Updating',
    userAssignedPassesBypass: false,
    revokedRegistryRefusesSignIn: false,
    resourceGraphShowsVersionInUse: false,
    recoveredKeyKeepsRoles: false,
    identitiesAreMerged: false,
    pulls: {
      roleRemoved: { status: 500, code: 'A' },
      accessPolicyRemoved: { status: 501, code: 'B' },
      versionDisabled: { stopAfterSeconds: null },
      keyDisabled: { status: 503, code: 'C' },
      keyDeleted: { status: 504, code: 'D' },
    },
  },
};

it.each(Object.entries(CHANGES))(
  'finds exactly what is different in an Azure %s, and writes it as an emulator takes it',
  async (_how, changes) => {
    emulator.assumptions.change(changes);
    const found = JSON.parse(JSON.stringify(settingsOf(await measure())));
    expect(found).toEqual(roughly(changes));
    expect(groupRequests().at(-1)).toBe('GET 404');
    emulator.reset({ assumptions: found });
    expect(emulator.assumptions.current).toMatchObject(
      roughly(changes) as object,
    );
  },
);

/** A duration is seen to a tenth of it. */
function roughly(changes: object): unknown {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      if (/Seconds$/.test(name) && value !== null) {
        const difference = Math.max(2, value / 8);
        return [name, expect.closeTo(value, -Math.log10(2 * difference))];
      }
      const isGroup = typeof value === 'object' && value !== null;
      return [name, isGroup ? roughly(value) : value];
    }),
  );
}
