import {
  type Emulator,
  type EmulatorOptions,
  type LoggedRequest,
  type PrincipalName,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import { AzureError } from '../AzureError';
import {
  type AzureOptions,
  createAzurePorts,
  createCredentials,
  type ServicePrincipalConfig,
} from '../clients';
import type { AzurePorts } from '../ports';

/** The emulated Azure and our ports to it: real SDK clients, real HTTPS, on the loopback interface. */
export interface AzureWorld {
  emulator: Emulator;
  ports: AzurePorts;
  subscriptionId: string;
  /** Ports with other options, such as another credential for reading. */
  portsWith(options: Partial<AzureOptions>): AzurePorts;
  /** What configuration would say of a principal of the emulator. */
  principal(name: PrincipalName): ServicePrincipalConfig;
  /** Requests that carried a token and whose path ends so, oldest first. */
  requests(method: string, end: string): LoggedRequest[];
  close(): Promise<void>;
}

export async function startAzureWorld(
  options: EmulatorOptions = {},
): Promise<AzureWorld> {
  const emulator = await startEmulator({
    rolePropagationSeconds: 0,
    ...options,
  });
  const distrust = trustInThisProcess(emulator);
  const principal = (name: PrincipalName) => ({
    tenantId: emulator.ready.tenantId,
    ...emulator.ready.principals[name],
  });
  const credentials = createCredentials({
    read: principal('reader'),
    rotate: principal('rotator'),
    revoke: principal('revoker'),
  });
  const portsWith = (more: Partial<AzureOptions>) =>
    createAzurePorts({
      credentials,
      timeoutSeconds: 10,
      readRetries: { count: 2, delayMs: 1, longestRetryAfterSeconds: 1 },
      ...more,
    });
  return {
    emulator,
    ports: portsWith({}),
    subscriptionId: emulator.ready.subscriptionId,
    portsWith,
    principal,
    requests: (method, end) =>
      emulator
        .requests()
        .filter(
          each =>
            each.method === method &&
            each.principal !== undefined &&
            each.path.toLowerCase().endsWith(end.toLowerCase()),
        ),
    close: async () => {
      distrust();
      await emulator.close();
    },
  };
}

/** The error that a call must end in. */
export async function failureOf(call: Promise<unknown>): Promise<AzureError> {
  const outcome = await call.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof AzureError) {
    return outcome.error;
  }
  throw new Error(`No AzureError, but ${JSON.stringify(outcome)}`);
}

/**
 * The time limit for a call that is to end so: short when it is to run out, but long enough for the
 * emulator to have done its work before. Seconds.
 */
export function limitFor(expected: { code?: string }): number {
  return expected.code === 'TimedOut' ? 1.5 : 20;
}
