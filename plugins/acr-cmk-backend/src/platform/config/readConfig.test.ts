import { generateKeyPairSync } from 'node:crypto';
import { ConfigReader } from '@backstage/config';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import {
  entitiesOfIdentity,
  entitiesOfKey,
  inScope,
  readConfig,
  vaultNameAllowed,
} from '.';

const GUID = '11111111-2222-4333-8444-555555555555';
const SUBSCRIPTION = `/subscriptions/${GUID}`;
const read = (acrCmk: object) =>
  readConfig(new ConfigReader({ acrCmk } as never));
const registry = (group: string) =>
  RegistryId.parse(
    `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
  );
const APP = { tenantId: GUID, clientId: GUID };
const rotate = (credential: object) => ({
  azure: { credentials: { rotate: credential } },
});
const messageOf = (acrCmk: object): string => {
  try {
    const { wrongBlocks } = read(acrCmk);
    if (wrongBlocks.length > 0) return wrongBlocks.join('\n');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was accepted');
};

const { privateKey } = generateKeyPairSync('ed25519');
const SIGNING_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' });

const WINDOW = {
  days: ['monday', 'friday'],
  from: '08:00',
  to: '16:00',
  timeZone: 'Europe/Berlin',
};

describe('readConfig', () => {
  it('has nothing in scope without a block', () => {
    const config = readConfig(new ConfigReader({}));
    expect(inScope(config.scopes, registry('rg-shop'))).toBe(false);
  });

  it('is about the public cloud unless it says another one', () => {
    expect(read({}).cloud).toBe('public');
    expect(read({ azure: { cloud: 'usGovernment' } }).cloud).toBe(
      'usGovernment',
    );
    expect(messageOf({ azure: { cloud: 'mars' } })).toContain(
      'acrCmk.azure.cloud',
    );
  });

  it('notifies nobody unless it is switched on', () => {
    expect(read({}).notifications).toBeUndefined();
    expect(
      read({ notifications: { platform: ['group:a'] } }).notifications,
    ).toBeUndefined();
    expect(read({ notifications: { enabled: true } }).notifications).toEqual({
      platform: [],
    });
  });

  it('reads who is notified about registries without an owner', () => {
    expect(
      read({
        notifications: {
          enabled: true,
          platform: ['group:default/Platform-Team'],
        },
      }).notifications,
    ).toEqual({
      platform: ['group:default/platform-team'],
    });
  });

  it('joins those who hold a permission, and refuses an entry that names nobody or no permission', () => {
    const { approvers } = read({
      approvers: [
        { permissions: ['acr-cmk.key.rotate'], owners: true },
        {
          permissions: ['acr-cmk.key.rotate', 'acr-cmk.key.grant'],
          groups: ['group:Platform'],
        },
      ],
    });
    expect([...approvers]).toEqual([
      [
        'acr-cmk.key.rotate',
        { groups: ['group:default/platform'], owners: true },
      ],
      [
        'acr-cmk.key.grant',
        { groups: ['group:default/platform'], owners: false },
      ],
    ]);
    expect(
      messageOf({ approvers: [{ permissions: ['acr-cmk.key.rotate'] }] }),
    ).toContain('acrCmk.approvers[0] must have groups, or owners: true');
    expect(
      messageOf({
        approvers: [{ permissions: ['acr-cmk.rotate'], owners: true }],
      }),
    ).toContain('acrCmk.approvers[0].permissions[0]');
  });

  it('opens keys of its own cloud only', () => {
    const keys = [
      {
        keyIdentifier: 'https://kv-shop.vault.azure.cn/keys/orders',
        entityRefs: ['group:default/shop'],
      },
    ];
    expect(read({ keys, azure: { cloud: 'china' } }).keys).toHaveLength(1);
    expect(messageOf({ keys })).toBe(
      "acrCmk.keys[0].keyIdentifier: kv-shop.vault.azure.cn is in Azure in China, and this backend is configured for Azure's public cloud (acrCmk.azure.cloud)",
    );
  });

  it('takes management groups among the scopes, and nothing is in scope by their name alone', () => {
    const { scopes, managementGroups } = read({
      scopes: [
        '/providers/microsoft.management/managementgroups/Platform',
        SUBSCRIPTION,
      ],
    });
    expect(managementGroups).toEqual(['Platform']);
    expect(scopes).toHaveLength(1);
  });

  it.each<[why: string, scopes: string[], group: string, inside: boolean]>([
    ['the group', [`${SUBSCRIPTION}/resourceGroups/rg-shop`], 'rg-shop', true],
    [
      'the group in capitals',
      [`${SUBSCRIPTION}/resourceGroups/RG-Shop`],
      'rg-shop',
      true,
    ],
    [
      'another group',
      [`${SUBSCRIPTION}/resourceGroups/rg-shop`],
      'rg-shop-2',
      false,
    ],
    ['the subscription', [SUBSCRIPTION], 'rg-shop', true],
  ])('knows what is in scope: %s', (_why, scopes, group, inside) => {
    expect(inScope(read({ scopes }).scopes, registry(group))).toBe(inside);
  });

  it('allows the vaults that are named, in any case', () => {
    const config = read({ vaults: ['KV-Contoso'] });
    expect(vaultNameAllowed(config, 'kv-Contoso')).toBe(true);
    expect(vaultNameAllowed(config, 'kv-other')).toBe(false);
  });

  it('opens keys, vaults and identities to the entities that are named', () => {
    const identity = `${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop`;
    const config = read({
      keys: [
        {
          keyIdentifier: 'https://kv-contoso.vault.azure.net/keys/shared',
          entityRefs: ['group:team-shop', 'resource:default/Shop-Images'],
        },
        { vault: 'KV-Contoso', entityRefs: ['group:default/platform-team'] },
      ],
      identities: [{ resourceId: identity, entityRefs: ['group:team-shop'] }],
    });
    const key = (name: string) =>
      KeyIdentifier.parse(`https://kv-contoso.vault.azure.net/keys/${name}`);
    expect([...entitiesOfKey(config, key('Shared'))]).toEqual([
      'group:default/team-shop',
      'resource:default/shop-images',
      'group:default/platform-team',
    ]);
    expect([...entitiesOfKey(config, key('other'))]).toEqual([
      'group:default/platform-team',
    ]);
    expect([...entitiesOfIdentity(config, identity.toUpperCase())]).toEqual([
      'group:default/team-shop',
    ]);
    expect(entitiesOfIdentity(config, '/subscriptions/x').size).toBe(0);
  });

  it('has these defaults', () => {
    expect(readConfig(new ConfigReader({}))).toEqual({
      scopes: [],
      managementGroups: [],
      wrongBlocks: [],
      sync: { everyMs: 300_000 },
      vaults: undefined,
      bindings: new Map(),
      cloud: 'public',
      keys: [],
      identities: new Map(),
      resourceGroups: new Map(),
      credentials: { read: { kind: 'default-chain' } },
      approvals: new Set(),
      approvers: new Map(),
      sharedKeys: 'ask',
      waitingSeconds: 0,
      allows: { retire: false, deleteKey: false },
      readUnlinked: true,
      actionsRevoke: false,
      campaigns: { windows: [], freezes: [] },
      audit: { checkpoints: undefined },
    });
  });

  it.each<[written: unknown]>([
    [{ minutes: 90 }],
    ['90m'],
    ['PT1H30M'],
    ['1.5 hours'],
  ])('reads the duration %j', written => {
    expect(read({ waitingPeriod: written }).waitingSeconds).toBe(5400);
  });

  it('reads the windows and freezes of campaigns', () => {
    const { windows, freezes } = read({
      campaigns: {
        windows: [
          WINDOW,
          { ...WINDOW, from: '16:00', to: '24:00' },
          { ...WINDOW, timeZone: 'UTC' },
        ],
        freezes: [
          {
            from: '2026-12-20',
            to: '2027-01-02T08:00:00+01:00',
            reason: 'Sale',
          },
        ],
      },
    }).campaigns;
    expect(windows[0]).toEqual({
      days: [1, 5],
      from: 480,
      to: 960,
      timeZone: 'Europe/Berlin',
    });
    expect(windows[1]).toMatchObject({ from: 960, to: 1440 });
    expect(freezes).toEqual([
      {
        from: Date.parse('2026-12-20T00:00:00Z'),
        to: Date.parse('2027-01-02T07:00:00Z'),
        reason: 'Sale',
      },
    ]);
  });

  it('reads booleans from environment variables, which are texts', () => {
    const config = read({
      operations: { retire: 'true' },
      actions: { revoke: 'off' },
    });
    expect(config.allows.retire).toBe(true);
    expect(config.actionsRevoke).toBe(false);
  });

  it('reads the key that signs checkpoints, also with its line breaks as \\n', () => {
    for (const signingKey of [
      String(SIGNING_KEY),
      String(SIGNING_KEY).replaceAll('\n', '\\n'),
    ]) {
      const { checkpoints } = read({
        audit: { checkpoints: { signingKey } },
      }).audit;
      expect(checkpoints?.signingKey.asymmetricKeyType).toBe('ed25519');
    }
  });
});

describe('a configuration that is not understood', () => {
  it.each<[acrCmk: object, message: string]>([
    [
      { azure: { credentials: { reader: APP } } },
      'acrCmk.azure.credentials.reader is not a setting; did you mean acrCmk.azure.credentials.read?',
    ],
    [
      { scope: [SUBSCRIPTION] },
      'acrCmk.scope is not a setting; did you mean acrCmk.scopes?',
    ],
    [
      { credentials: { read: APP } },
      'acrCmk.credentials is not a setting; did you mean acrCmk.azure.credentials?',
    ],
    [
      {
        bindings: [
          { registry: registry('rg').toString(), entityRef: 'group:a' },
        ],
      },
      'acrCmk.bindings[0].registry is not a setting; did you mean acrCmk.bindings[0].registryId?',
    ],
    [
      rotate({ ...APP, clientSecrets: 'hush' }),
      'acrCmk.azure.credentials.rotate.clientSecrets is not a setting; did you mean acrCmk.azure.credentials.rotate.clientSecret?',
    ],
    [
      { approvals: { revoke: 'requird' } },
      "acrCmk.approvals.revoke is 'requird'; it must be none or required. Did you mean required?",
    ],
    [
      { approvals: { delete: 'required' } },
      'acrCmk.approvals.delete is not a setting; acrCmk.approvals may have rotate, automaticRotation, revoke, restore, retire, createRegistry or sharedKeys',
    ],
    [
      { waitingPeriod: { hour: 1 } },
      'acrCmk.waitingPeriod.hour is not a setting; did you mean acrCmk.waitingPeriod.hours?',
    ],
    [
      { scopes: ['rg-shop'] },
      "acrCmk.scopes[0] is 'rg-shop'; it must be /subscriptions/<guid>, /subscriptions/<guid>/resourceGroups/<group> or /providers/Microsoft.Management/managementGroups/<name>",
    ],
    [
      { limits: { readsPerMinute: 5 } },
      'acrCmk.limits is no longer a setting. The limits of a caller are fixed. Remove it',
    ],
    [
      { audit: { acknowledgements: { publicKey: 'x', signed: [] } } },
      'acrCmk.audit.acknowledgements is no longer a setting. Damage of the audit record no longer stops operations. Move the lines of signed to a file for acr-cmk-audit verify --acknowledged, and publicKey to one for --operator-key. Remove it',
    ],
    [
      { campaigns: { enabled: false } },
      'acrCmk.campaigns.enabled is no longer a setting. To stop campaigns, add an entry to acrCmk.campaigns.freezes; to offer none, deny the permission acr-cmk.campaign.create. Remove it',
    ],
    [
      rotate({ ...APP, certificatePath: '/app.pem', certificate: 'hush' }),
      'acrCmk.azure.credentials.rotate.certificate is no longer a setting. Write the PEM to a file and name it in certificatePath. Remove it',
    ],
    [
      { audit: { checkpoint: { signingKey: 'x' } } },
      'acrCmk.audit.checkpoint is not a setting; did you mean acrCmk.audit.checkpoints?',
    ],
    [
      rotate({ kind: 'manged-identity', clientId: GUID }),
      'acrCmk.azure.credentials.rotate.kind must be client-secret, client-certificate, workload-identity, managed-identity, system-assigned-identity or default-chain. Did you mean managed-identity?',
    ],
  ])('%j is refused', (acrCmk, message) => {
    expect(messageOf(acrCmk)).toContain(message);
  });

  it('is refused with all that is wrong in it at once', () => {
    expect(
      messageOf({ vault: ['x'], operations: { retire: 'none' } }).split('\n'),
    ).toEqual([
      '2 settings are wrong:',
      "- acrCmk.operations.retire is 'none'; it must be true or false",
      '- acrCmk.vault is not a setting; did you mean acrCmk.vaults?',
    ]);
  });

  it.each<[key: string, acrCmk: object]>([
    ['acrCmk.scopes[0]', { scopes: [`${SUBSCRIPTION}/resourceGroups/a/b`] }],
    ['acrCmk.scopes[0]', { scopes: [`${SUBSCRIPTION}/resourceGroups/`] }],
    ['acrCmk.scopes is', { scopes: SUBSCRIPTION }],
    [
      'acrCmk.scopes[0]',
      { scopes: ['/providers/Microsoft.Management/managementGroups/'] },
    ],
    [
      'acrCmk.scopes[0]',
      { scopes: ['/providers/Microsoft.Management/managementGroups/a/b'] },
    ],
    [
      'acrCmk.scopes[0]',
      { scopes: ['/providers/Microsoft.Management/managementGroups/..'] },
    ],
    ['acrCmk.sync.interval', { sync: { interval: '10s' } }],
    ['acrCmk.events.tenantId', { events: { audience: 'a' } }],
    ['acrCmk.events.principalId', { events: { principalId: 'someone' } }],
    ['acrCmk.vaults[1]', { vaults: ['kv-good', 'kv.bad'] }],
    [
      'acrCmk.bindings[0].registryId',
      { bindings: [{ registryId: 'x', entityRef: 'resource:default/x' }] },
    ],
    [
      'acrCmk.bindings[0].entityRef',
      { bindings: [{ registryId: registry('rg').toString(), entityRef: 'x' }] },
    ],
    ['acrCmk.operations.retire', { operations: { retire: 'maybe' } }],
    ['acrCmk.waitingPeriod', { waitingPeriod: '8 days' }],
    ['acrCmk.waitingPeriod', { waitingPeriod: 'soon' }],
    ['acrCmk.approvals.sharedKeys', { approvals: { sharedKeys: 'allow' } }],
    ['acrCmk.waitingPeriod', { waitingPeriod: 5 }],
    [
      'acrCmk.campaigns.windows[0].timeZone',
      { campaigns: { windows: [{ ...WINDOW, timeZone: 'Europe/Nowhere' }] } },
    ],
    [
      'acrCmk.campaigns.windows[0].from',
      { campaigns: { windows: [{ ...WINDOW, from: '25:00' }] } },
    ],
    [
      'acrCmk.campaigns.windows[0].to',
      { campaigns: { windows: [{ ...WINDOW, from: '16:00' }] } },
    ],
    [
      'acrCmk.campaigns.windows[0].days',
      { campaigns: { windows: [{ ...WINDOW, days: [] }] } },
    ],
    [
      'acrCmk.campaigns.windows[1] overlaps acrCmk.campaigns.windows[0]',
      {
        campaigns: {
          windows: [WINDOW, { ...WINDOW, from: '15:59', to: '18:00' }],
        },
      },
    ],
    [
      'acrCmk.campaigns.freezes[0].to',
      {
        campaigns: {
          freezes: [{ from: '2027-01-02', to: '2026-12-20', reason: 'Sale' }],
        },
      },
    ],
    [
      'acrCmk.campaigns.freezes[0].from',
      { campaigns: { freezes: [{ from: 'soon', to: '2027-01-02' }] } },
    ],
    ['acrCmk.keys[0]', { keys: [{ entityRefs: ['group:a'] }] }],
    [
      'acrCmk.keys[0].entityRefs',
      { keys: [{ vault: 'kv-a', entityRefs: [] }] },
    ],
    [
      'acrCmk.keys[0].keyIdentifier',
      {
        keys: [
          {
            keyIdentifier: `https://kv-a.vault.azure.net/keys/a/${'0'.repeat(
              32,
            )}`,
            entityRefs: ['group:a'],
          },
        ],
      },
    ],
    [
      'acrCmk.identities[0].resourceId',
      { identities: [{ resourceId: '/x', entityRefs: ['group:a'] }] },
    ],
    [
      'acrCmk.audit.checkpoints.signingKey is missing',
      { audit: { checkpoints: {} } },
    ],
  ])('names %s when its value is wrong', (key, acrCmk) => {
    expect(messageOf(acrCmk)).toContain(key);
  });
});

describe('acrCmk.azure.credentials', () => {
  const { credentials: none } = readConfig(new ConfigReader({}));

  it('let the default chain read, and nothing write, when there is no block', () => {
    expect(none).toEqual({ read: { kind: 'default-chain' } });
  });

  it('leave a job that is not named off', () => {
    expect(read(rotate({ kind: 'default-chain' })).credentials).toEqual({
      rotate: { kind: 'default-chain' },
    });
  });

  it.each<[kind: string, written: object, parsed: object]>([
    ['client-secret', { ...APP, clientSecret: 's' }, {}],
    ['client-certificate', { ...APP, certificatePath: '/a.pem' }, {}],
    ['workload-identity', { kind: 'workload-identity', clientId: GUID }, {}],
    ['managed-identity', { kind: 'managed-identity', clientId: GUID }, {}],
    ['system-assigned-identity', { kind: 'system-assigned-identity' }, {}],
    ['default-chain', { kind: 'default-chain' }, {}],
  ])('may be of the kind %s', (kind, written) => {
    expect(read(rotate(written)).credentials.rotate).toEqual({
      ...written,
      kind,
    });
  });

  it.each<[why: string, credential: object, message: string]>([
    [
      'all its variables are unset',
      {},
      'acrCmk.azure.credentials.rotate is empty. Backstage leaves out what comes from an environment variable that is not set, so this may be a credential that has lost its values. Set the variables, or write acrCmk.azure.credentials.rotate.kind: default-chain to use the default credential chain on purpose',
    ],
    [
      'only its secret is unset',
      APP,
      'acrCmk.azure.credentials.rotate.clientSecret is missing',
    ],
    [
      'secret and tenant are unset',
      { clientId: GUID },
      'acrCmk.azure.credentials.rotate.clientSecret is missing',
    ],
    [
      'its client id is unset',
      { tenantId: GUID, clientSecret: 'hush' },
      'acrCmk.azure.credentials.rotate.clientId is missing; it must be a GUID. If it comes from an environment variable, that variable is not set',
    ],
    [
      'its tenant is unset',
      { clientId: GUID, clientSecret: 'hush' },
      'acrCmk.azure.credentials.rotate.tenantId is missing',
    ],
    [
      'its secret is empty',
      { ...APP, clientSecret: '' },
      'acrCmk.azure.credentials.rotate.clientSecret is empty',
    ],
    [
      'the client id of a managed identity is unset',
      { kind: 'managed-identity' },
      'acrCmk.azure.credentials.rotate.clientId is missing',
    ],
    [
      'the client id of a workload identity is unset',
      { kind: 'workload-identity' },
      'acrCmk.azure.credentials.rotate.clientId is missing',
    ],
    [
      'the certificate is unset',
      { ...APP, kind: 'client-certificate' },
      'acrCmk.azure.credentials.rotate.certificatePath is missing',
    ],
    [
      'the client id is not a GUID',
      { tenantId: GUID, clientId: 'hush', clientSecret: 'hush' },
      'acrCmk.azure.credentials.rotate.clientId is wrong; it must be a GUID',
    ],
    [
      'a managed identity has a secret',
      { kind: 'managed-identity', clientId: GUID, clientSecret: 'hush' },
      'acrCmk.azure.credentials.rotate.clientSecret does not go with kind managed-identity, but with client-secret. Leave one of the two out',
    ],
    [
      'it has a secret and a certificate',
      { ...APP, clientSecret: 'hush', certificatePath: '/a.pem' },
      'acrCmk.azure.credentials.rotate.clientSecret does not go with kind client-certificate, but with client-secret. Leave one of the two out',
    ],
    [
      'it is a text',
      'hush' as never,
      'acrCmk.azure.credentials.rotate is wrong; it must be a block of settings',
    ],
  ])('are refused by name when %s', (_why, credential, message) => {
    const refusal = messageOf(rotate(credential));
    expect(refusal).toContain(message);
    expect(refusal).not.toContain('hush');
  });

  it('never show the key that signs checkpoints', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const refusal = messageOf({ audit: { checkpoints: { signingKey: pem } } });
    expect(refusal).toBe(
      'acrCmk.audit.checkpoints.signingKey is wrong; it must be an Ed25519 private key in PEM; `openssl genpkey -algorithm ed25519` makes one',
    );
  });

  const privatePem = String(SIGNING_KEY);
  it.each<[where: string, config: object]>([
    ['in the place of a block', { audit: { checkpoints: privatePem } }],
    ['in a list', { audit: [{ signingKey: privatePem }] }],
    ['in another setting', { scopes: [privatePem] }],
  ])('never show a private key %s', (_where, config) => {
    const refusal = messageOf(config);
    expect(refusal).toContain('must be');
    expect(refusal).not.toContain(privatePem.slice(30, 60));
  });
});
