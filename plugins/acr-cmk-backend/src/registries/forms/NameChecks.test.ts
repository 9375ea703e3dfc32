import { DemoPeople } from '../../changes/gate/__testUtils__/DemoPeople';
import { asAdmin } from '../../__testUtils__/asAdmin';
import {
  messageOf,
  registryId,
  SUBSCRIPTION,
} from '../../__testUtils__/portal';

const POLICY = 'kv-contoso-policy';
const RBAC = 'kv-contoso-rbac';

describe('the names of a new registry', () => {
  const people = new DemoPeople();
  beforeEach(() => people.start());
  afterEach(() => people.stop());

  const client = (user = 'daniel') => people.portal.as(user);
  const checkRegistry = (name: string, user?: string) =>
    client(user).checkRegistryName(registryId(name));
  const checkKey = (keyName: string, user = 'olivia') =>
    client(user).checkKeyName({ vaultName: RBAC, keyName });
  const asPlanned = async (name: string) => {
    people.portal.decide(() => true);
    const plan = await client('olivia').plan({
      entityRef: 'resource:default/new-images',
      registryId: registryId(name),
      intent: {
        kind: 'create-registry',
        location: 'westeurope',
        identity: { name: `id-${name}`, create: true },
        key: { kind: 'new-key', vaultName: RBAC, keyName: 'fresh' },
      },
    });
    return Object.fromEntries(
      plan.checks.map(({ id, status }) => [id, status]),
    );
  };

  it('are checked as the plan checks them', async () => {
    expect(await checkRegistry('freshimages')).toEqual({
      name: 'freshimages',
      state: 'free',
    });
    expect(await checkRegistry('shopimages')).toMatchObject({
      name: 'shopimages',
      state: 'taken',
    });
    expect(await checkKey('fresh')).toEqual({ name: 'fresh', state: 'free' });
    expect(await checkKey('catalogimages')).toEqual({
      name: 'catalogimages',
      state: 'taken',
    });
    expect(await asPlanned('freshimages')).toMatchObject({
      'registry-name-free': 'pass',
      'key-name-free': 'pass',
    });
  });

  it('are taken by a soft-deleted key until it is purged', async () => {
    const { azure } = people.portal;
    await asAdmin(azure).deleteKey(RBAC, 'catalogimages');
    // A deletion takes some seconds to be seen.
    azure.clock.advance(60_000);
    await people.portal.ageFacts(60_000);
    expect(await checkKey('catalogimages')).toEqual({
      name: 'catalogimages',
      state: 'soft-deleted',
      until: expect.stringMatching(/^\d{4}-/),
    });
  });

  it('are not known while Azure does not answer', async () => {
    const { azure } = people.portal;
    for (const path of ['*/checkNameAvailability', '*/keys/*']) {
      azure.faults.add({ path, status: 403, code: 'Forbidden', times: 0 });
    }
    expect(await checkRegistry('freshimages')).toMatchObject({
      state: 'unknown',
      message: expect.any(String),
    });
    expect(await checkKey('fresh')).toMatchObject({
      state: 'unknown',
      message: expect.any(String),
    });
  });

  it('are shown only to those who may create, for what the portal is for', async () => {
    expect(await messageOf(checkRegistry('freshimages', 'vera'))).toMatch(
      /acr-cmk\.registry\.create/,
    );
    expect(await messageOf(checkKey('fresh', 'vera'))).toMatch(
      /acr-cmk\.registry\.create/,
    );
    const elsewhere = registryId('freshimages').replace(
      SUBSCRIPTION,
      '99999999-2222-4333-8444-555555555555',
    );
    expect(await messageOf(client().checkRegistryName(elsewhere))).toMatch(
      /not in acrCmk\.scopes/,
    );
  });

  it('are not shown for a vault that is not open to the caller', async () => {
    const { azure } = people.portal;
    azure.clearRequests();
    for (const keyName of ['catalogimages', 'fresh']) {
      expect(await checkKey(keyName, 'daniel')).toEqual({
        name: keyName,
        state: 'unknown',
        message: expect.stringContaining('is not open to you'),
      });
    }
    expect(
      azure.requests().filter(({ path }) => path.includes('/keys/')),
    ).toEqual([]);
  });

  it('are not shown for a vault that is not open, nor that it cannot be read', async () => {
    const ask = async (vaultName: string) => {
      const { message } = await client().checkKeyName({
        vaultName,
        keyName: 'fresh',
      });
      return message?.replace(vaultName, 'X');
    };
    expect(await ask('kv-nowhere')).toBe(await ask(RBAC));
    const offered = { keys: await client().keys('kv-nowhere') };
    expect(offered).toEqual({ keys: [] });
    expect(
      await messageOf(
        client().keyVersions({ vaultName: 'kv-nowhere', keyName: 'fresh' }),
      ),
    ).toMatch(/no key fresh that you may use/);
  });

  it('are asked about without changing anything', async () => {
    const before = people.portal.writes();
    await checkRegistry('freshimages');
    await client().checkKeyName({ vaultName: POLICY, keyName: 'fresh' });
    expect(
      people.portal
        .writes()
        .filter(write => !/checkNameAvailability$/.test(write)),
    ).toEqual(before);
  });

  it('leave a key of which the versions are listed for those who may use it', async () => {
    const key = { vaultName: RBAC, keyName: 'catalogimages' };
    const versions = await client().keyVersions(key);
    expect(versions[0]).toMatchObject({
      version: people.portal.azure.state.key(RBAC, 'catalogimages').latest,
      enabled: true,
      created: expect.stringMatching(/^\d{4}-/),
    });
    expect(
      await messageOf(
        client().keyVersions({ vaultName: RBAC, keyName: 'shopimages' }),
      ),
    ).toMatch(/no key shopimages that you may use/);
  });

  it('come with what is wrong with a vault', async () => {
    const { azure } = people.portal;
    const of = {
      entityRef: 'resource:default/catalog-images',
      registryId: registryId('catalogimages'),
    };
    await client().keys(RBAC, of);
    await asAdmin(azure).changeVault(RBAC, {
      networkAcls: { bypass: 'None', defaultAction: 'Deny' },
    });
    await people.portal.ageFacts(60 * 60_000);
    await client().registriesOf(of.entityRef, { refresh: true });
    const { items } = await client().vaults(of);
    expect(items.map(({ name, unsuitable }) => [name, unsuitable])).toEqual([
      [POLICY, []],
      [RBAC, ['firewall-closed']],
    ]);
  });
});
