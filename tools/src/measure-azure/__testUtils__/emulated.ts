import { ClientSecretCredential } from '@azure/identity';
import {
  type Emulator,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import { AzureRequests } from 'backstage-plugin-acr-cmk-backend/src/azure/__testUtils__/azureRequests';
import { measureAzure } from '../measure';

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const DAY_MS = 24 * 3_600_000;

export let emulator: Emulator;
let stopTrusting: () => void;

/** An empty emulated Azure for the tests of a file, whose time passes only while the program waits. */
export function useEmulatedAzure() {
  beforeAll(async () => {
    emulator = await startEmulator({ world: 'empty' });
    stopTrusting = trustInThisProcess(emulator);
  });
  beforeEach(async () => {
    emulator.reset({ world: 'empty' });
    emulator.clock.freeze();
    // An owner, unlike the emulator's admin, has no right in a vault until it is given one.
    const subscription = `/subscriptions/${emulator.ready.subscriptionId}/providers/Microsoft.Authorization`;
    await emulator.outOfBand(
      'PUT',
      `https://management.azure.com${subscription}/roleAssignments/${OWNER}?api-version=2022-04-01`,
      {
        properties: {
          principalId: emulator.state.principalId('acr-cmk-reader'),
          roleDefinitionId: `${subscription}/roleDefinitions/${OWNER}`,
        },
      },
    );
    emulator.clock.advance(DAY_MS);
  });
  afterAll(async () => {
    stopTrusting();
    await emulator.close();
  });
}

/** Measures the emulated Azure, whose time passes only while the program waits. */
export function measure(
  sleep = async (ms: number) => emulator.clock.advance(ms),
) {
  const { tenantId, principals, subscriptionId } = emulator.ready;
  const { clientId, clientSecret } = principals.reader;
  return measureAzure({
    azure: new AzureRequests(
      new ClientSecretCredential(tenantId, clientId, clientSecret),
    ),
    subscriptionId,
    location: 'westeurope',
    now: () => emulator.clock.now(),
    sleep,
    say: () => undefined,
  });
}

const GROUP = 'acr-cmk-test-measure';
/** Requests to the program's resource group, and their answers. */
export const groupRequests = () =>
  emulator
    .requests()
    .filter(({ path }) => path.endsWith(`/${GROUP}`))
    .map(({ method, status }) => `${method} ${status}`);
