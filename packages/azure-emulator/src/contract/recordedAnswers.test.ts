import recorded from '../__fixtures__/recordedAnswers.json';
import {
  ARM,
  Json,
  RestAnswer,
  SUBSCRIPTION,
  useEmulator,
} from '../__testUtils__/emulated';
import { OPERATION_MS } from '../assumptions';

/**
 * The shape of Azure's recorded answers: status, headers, and which fields are present or absent. Names
 * only; the values are not Azure's.
 */
interface RecordedAnswer {
  operation: string;
  status: number;
  headers: string[];
  fields: string[];
}

const GROUP = `${ARM}${SUBSCRIPTION}/resourceGroups/rg1`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/recorded1?api-version=2021-08-01-preview`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-recorded`;
const KEY = 'https://kv-recorded.vault.azure.net/keys/key1';

/** The leaves of a body as paths; of a list its first entry, of the identities' map any of them. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    return typeof value[0] === 'object'
      ? fieldsOf(value[0], `${path}[]`)
      : [path];
  }
  if (typeof value !== 'object' || value === null) return [path];
  const entries = path.endsWith('userAssignedIdentities')
    ? Object.values(value)
        .slice(0, 1)
        .map(each => ['*', each] as const)
    : Object.entries(value);
  return entries.length
    ? entries.flatMap(([name, each]) =>
        fieldsOf(each, path ? `${path}.${name}` : name),
      )
    : [path];
}

describe('answers have the same shape as the recorded ones', () => {
  const azure = useEmulator({ world: 'empty', operationSeconds: undefined });
  const { call } = azure;
  const answers = new Map<string, RestAnswer>();
  const admin = (method: string, url: string, body?: unknown) =>
    call('admin', method, url, body);
  const tell = async (operation: string, answer: Promise<RestAnswer>) => {
    answers.set(operation, await answer);
    return answer;
  };

  /** Replays the recorded requests once for all cases. */
  async function story() {
    const { clock, ready } = azure.emulator;
    await admin('PUT', GROUP, { location: 'westus' });
    const { json: identity } = await tell(
      'create an identity',
      admin('PUT', IDENTITY, { location: 'westus' }),
    );
    await tell('show an identity', admin('GET', IDENTITY));
    const { principalId, clientId } = identity.properties;
    const vault = (change: object) => ({
      location: 'westus',
      properties: {
        tenantId: ready.tenantId,
        sku: { family: 'A', name: 'standard' },
        softDeleteRetentionInDays: 7,
        accessPolicies: [
          {
            tenantId: ready.tenantId,
            objectId: principalId,
            permissions: {
              keys: ['all'],
              secrets: ['all'],
              certificates: ['all'],
              storage: ['all'],
            },
          },
        ],
        ...change,
      },
    });
    const old = '?api-version=2021-10-01';
    await admin('PUT', `${VAULT}${old}`, vault({}));
    clock.advance(OPERATION_MS);
    await tell(
      'find vaults by type',
      admin(
        'GET',
        `${ARM}${SUBSCRIPTION}/resources?$filter=resourceType eq 'Microsoft.KeyVault/vaults'`,
      ),
    );
    await tell('show a vault', admin('GET', `${VAULT}${old}`));
    await tell(
      'ask without a token',
      call('anonymous', 'POST', `${KEY}/create?api-version=7.3`),
    );
    await tell(
      'create a key (7.3)',
      admin('POST', `${KEY}/create?api-version=7.3`, {
        kty: 'RSA',
        attributes: { enabled: true },
      }),
    );
    const first = await tell(
      'create a key (7.5)',
      admin('POST', `${KEY}/create?api-version=7.5`, {
        kty: 'RSA',
        attributes: { enabled: true },
      }),
    );
    await tell(
      'turn purge protection on',
      admin('PUT', `${VAULT}${old}`, vault({ enablePurgeProtection: true })),
    );
    const encryption = (kid: Json) => ({
      status: 'enabled',
      keyVaultProperties: { keyIdentifier: kid, identity: clientId },
    });
    const created = await tell(
      'create a registry',
      admin('PUT', REGISTRY, {
        location: 'westus',
        sku: { name: 'Premium' },
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [identity.id as unknown as string]: {} },
        },
        properties: {
          adminUserEnabled: false,
          encryption: encryption(first.json.key.kid),
        },
      }),
    );
    clock.freeze();
    clock.advance(OPERATION_MS);
    const poll = ({ headers }: RestAnswer) =>
      admin('GET', headers['azure-asyncoperation'] as string);
    await tell('poll the creation', poll(created));
    await tell('show the created registry', admin('GET', REGISTRY));
    await tell(
      'set a rotation policy',
      admin('PUT', `${KEY}/rotationpolicy?api-version=7.5-preview.1`, {
        lifetimeActions: [
          { trigger: { timeAfterCreate: 'P15D' }, action: { type: 'Rotate' } },
        ],
        attributes: { expiryTime: 'P30D' },
      }),
    );
    const rotated = await tell(
      'rotate a key',
      admin('POST', `${KEY}/rotate?api-version=7.5-preview.1`),
    );
    const patched = await tell(
      'point the registry at another key',
      admin('PATCH', REGISTRY, {
        properties: { encryption: encryption(rotated.json.key.kid) },
      }),
    );
    clock.advance(OPERATION_MS);
    await tell('poll the update', poll(patched));
    await tell('show the updated registry', admin('GET', REGISTRY));
    await admin('POST', `${KEY}2/create?api-version=7.3`, { kty: 'RSA' });
    await tell(
      'get the latest version',
      admin('GET', `${KEY}2/?api-version=7.3`),
    );
    await tell('delete a key', admin('DELETE', `${KEY}2?api-version=7.3`));
    await admin('DELETE', `${KEY}?api-version=7.3`);
    await tell(
      'list keys',
      admin('GET', 'https://kv-recorded.vault.azure.net/keys?api-version=7.3'),
    );
  }

  let replayed: Promise<void> | undefined;
  beforeEach(() => (replayed ??= story()));

  it.each<RecordedAnswer>(recorded)(
    '$operation',
    ({ operation, status, headers, fields }) => {
      const answer = answers.get(operation)!;
      expect({
        status: answer.status,
        missingHeaders: headers.filter(name => !(name in answer.headers)),
        fields: fieldsOf(answer.json).sort(),
      }).toEqual({ status, missingHeaders: [], fields });
    },
  );

  it('while the operation runs, an update shows the old key and a creation shows none', () => {
    const { json: updating } = answers.get(
      'point the registry at another key',
    )!;
    const { json: before } = answers.get('show the created registry')!;
    expect(updating.properties.provisioningState).toBe('Updating');
    expect(updating.properties.encryption).toEqual(
      before.properties.encryption,
    );
    const { json: creating } = answers.get('create a registry')!;
    expect(creating.properties.provisioningState).toBe('Creating');
    expect(creating.properties.encryption).toEqual({ status: 'disabled' });
  });

  it('returns identity ids and types in the spelling of Azure', () => {
    const { identity } = answers.get('show the created registry')!.json;
    expect(identity.type).toBe('userAssigned');
    expect(Object.keys(identity.userAssignedIdentities)[0]).toContain(
      '/resourcegroups/rg1/',
    );
  });
});
