import { requestThrough, WireAnswer } from '../http/client';
import { Emulator, startEmulator } from '../emulator';
import type { EmulatorOptions } from '../options';
import { apiVersionFor } from '../http/apiVersion';
import { serviceOfHost } from '../http/hosts';
import { trustInThisProcess } from '../http/trust';
import type { PrincipalName } from '../worlds/principals';

/** A JSON body with untyped access for assertions. */
export interface Json {
  [name: string]: Json;
}

export interface RestAnswer extends WireAnswer {
  json: Json;
}

export interface Emulated {
  readonly emulator: Emulator;
  /** One REST call as a principal, without an SDK; a body is sent as JSON. */
  call(
    who: PrincipalName | 'anonymous',
    method: string,
    url: string,
    body?: unknown,
  ): Promise<RestAnswer>;
  /** Gives a service principal a role at the URL of a scope, by the assignment `ASSIGNMENT`. */
  assign(
    scope: string,
    role: string,
    principal: string,
    options?: { by?: PrincipalName; name?: string },
  ): Promise<RestAnswer>;
}

export const ASSIGNMENT = '12345678-1234-4234-8234-123456789012';
export const assignmentsAt = (scope: string) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments`;

const AUDIENCES = [
  { hosts: /^management/, audience: 'https://management.azure.com/' },
  { hosts: /managedhsm/, audience: 'https://managedhsm.azure.net' },
  { hosts: /vault/, audience: 'https://vault.azure.net' },
  { hosts: /^graph/, audience: 'https://graph.microsoft.com/' },
  { hosts: /azurecr/, audience: 'https://containerregistry.azure.net' },
  { hosts: /^login/, audience: 'unused: signing in needs no token' },
];

/** An emulator for the tests of one file: operations end at once, roles are effective at once. */
export function useEmulator(options: EmulatorOptions = {}): Emulated {
  let emulator: Emulator;
  let restore: () => void;
  beforeAll(async () => {
    emulator = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
      ...options,
    });
    restore = trustInThisProcess(emulator);
  });
  beforeEach(() => emulator.reset());
  afterAll(async () => {
    restore();
    await emulator.close();
  });
  const tokens = new Map<string, string>();
  return {
    get emulator() {
      return emulator;
    },
    assign(scope, role, principal, { by = 'admin', name = ASSIGNMENT } = {}) {
      return this.call(by, 'PUT', `${assignmentsAt(scope)}/${name}`, {
        properties: {
          roleDefinitionId: role,
          principalId: emulator.state.principalId(principal),
          principalType: 'ServicePrincipal',
        },
      });
    },
    async call(who, method, url, body) {
      const target = new URL(url);
      if (!target.searchParams.has('api-version')) {
        const service = serviceOfHost(target.host) ?? 'arm';
        target.searchParams.set('api-version', apiVersionFor(service));
      }
      const audience = AUDIENCES.find(({ hosts }) => hosts.test(target.host))!;
      const key = `${who} ${audience.audience}`;
      if (who !== 'anonymous' && !tokens.has(key)) {
        const answer = await signIn(emulator, who, audience.audience);
        tokens.set(key, answer.access_token);
      }
      const answer = await requestThrough(emulator, target.toString(), {
        method,
        headers: {
          'content-type': 'application/json',
          ...(who !== 'anonymous' && {
            authorization: `Bearer ${tokens.get(key)}`,
          }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { ...answer, json: answer.text ? JSON.parse(answer.text) : {} };
    },
  };
}

/** The answer of Entra to a service principal that signs in. */
export async function signIn(
  emulator: Pick<Emulator, 'ready' | 'caPem'>,
  who: PrincipalName,
  audience: string,
  secret?: string,
) {
  const { tenantId, principals } = emulator.ready;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: principals[who].clientId,
    client_secret: secret ?? principals[who].clientSecret,
    scope: `${audience}/.default`,
  });
  const answer = await requestThrough(
    emulator,
    `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    },
  );
  return JSON.parse(answer.text);
}

/** The ids of the demo world, as its clients write them. */
export const ARM = 'https://management.azure.com';
export const SUBSCRIPTION =
  '/subscriptions/11111111-2222-4333-8444-555555555555';
export const registryUrl = (name: string, group = 'rg-shop') =>
  `${ARM}${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
export const vaultUrl = (name: string) =>
  `${ARM}${SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/${name}`;
