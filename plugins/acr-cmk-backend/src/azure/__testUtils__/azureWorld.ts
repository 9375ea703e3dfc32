import {
  type Emulator,
  type EmulatorOptions,
  type LoggedRequest,
  type PrincipalName,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import { AZURE_CLOUDS } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../AzureError';
import type { AzureOptions } from '../client';
import { createAzurePorts } from '../azurePorts';
import {
  createCredentials,
  type ServicePrincipalConfig,
} from '../credentials/credentials';
import type { AzurePorts } from '../ports';

/** The emulated Azure and our ports to it: real SDK clients, real HTTPS, on the loopback interface. */
export interface AzureWorld {
  emulator: Emulator;
  ports: AzurePorts;
  subscriptionId: string;
  /** Ports with other options, such as another credential for reading. */
  portsWith(options: Partial<AzureOptions>): AzurePorts;
  /** Configuration of a principal of the emulator. */
  principal(name: PrincipalName): ServicePrincipalConfig;
  /** Takes an action out of the role of a principal. */
  forbid(name: Exclude<PrincipalName, 'admin'>, action: string): Promise<void>;
  /** Gives an action to the role of a principal. */
  allow(name: Exclude<PrincipalName, 'admin'>, action: string): Promise<void>;
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
  const credentials = createCredentials(
    {
      read: principal('reader'),
      rotate: principal('rotator'),
      revoke: principal('revoker'),
    },
    process.env,
    options.cloud,
  );
  const portsWith = (more: Partial<AzureOptions>) =>
    createAzurePorts({
      credentials,
      cloud: options.cloud,
      timeoutSeconds: 10,
      readRetries: { count: 2, delayMs: 1, longestRetryAfterSeconds: 1 },
      ...more,
    });
  const changeActions = async (
    name: string,
    change: (actions: string[]) => string[],
  ) => {
    const roleName = `Registry Key ${name[0].toUpperCase()}${name.slice(1)}`;
    const { armHost } = AZURE_CLOUDS[options.cloud ?? 'public'];
    const definitions = `https://${armHost}/subscriptions/${emulator.ready.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions`;
    const { body } = await emulator.outOfBand(
      'GET',
      `${definitions}?api-version=2022-04-01`,
    );
    const role = (body as any).value.find(
      (one: any) => one.properties.roleName === roleName,
    );
    for (const permission of role.properties.permissions) {
      permission.actions = change(permission.actions);
    }
    await emulator.outOfBand(
      'PUT',
      `${definitions}/${role.name}?api-version=2022-04-01`,
      { properties: role.properties },
    );
  };
  return {
    emulator,
    ports: portsWith({}),
    subscriptionId: emulator.ready.subscriptionId,
    portsWith,
    principal,
    forbid: (name, action) =>
      changeActions(name, actions => actions.filter(one => one !== action)),
    allow: (name, action) =>
      changeActions(name, actions => [...actions, action]),
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
