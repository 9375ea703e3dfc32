/** Other Azure services that use the key of a registry, on its tab and on its page. */
import type {
  FleetKey,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import {
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';

const BILLING = registryId('billingimages');
const ENTITY = 'resource:default/billing-images';

describe('the other services that use the key of a registry', () => {
  let portal: TestPortal;
  beforeEach(async () => {
    portal = await startPortal({
      entities: [resource('billing-images', BILLING)],
    });
  });
  afterEach(() => portal.stop());

  const onTab = async () => {
    const { registries } = await portal.as().registriesOf(ENTITY);
    return registries[0] as RegistryEncryption;
  };
  const onPage = async () =>
    (await portal.as().fleet.registry(BILLING)).registry as RegistryEncryption;
  const byKey = async (): Promise<FleetKey | undefined> => {
    const { items } = await portal.as().fleet.keys({ limit: 100 });
    return items.find(({ keyName }) => keyName === 'billingimages');
  };

  it('are on the tab and on the page, and are counted by key', async () => {
    for (const registry of [await onTab(), await onPage()]) {
      expect(registry).toMatchObject({
        services: [
          {
            service: 'disk encryption set',
            onLoss: { text: expect.stringContaining('shut down') },
            resources: [{ name: 'des-billing', behind: '3 disks' }],
          },
          {
            service: 'SQL server',
            resources: [{ name: 'sql-billing', uses: [{ isInUse: false }] }],
          },
          // The viewer's catalog does not have its entity.
          { service: 'storage account', resources: [{ name: 'billingdata' }] },
        ],
        servicesLookedAt: { state: 'all', notReadable: 0 },
      });
    }
    expect(await byKey()).toMatchObject({
      services: [
        { service: 'disk encryption set', count: 1 },
        { service: 'SQL server', count: 1 },
        { service: 'storage account', count: 1 },
      ],
      servicesLookedAt: 'all',
    });
  });

  it('are said not to be looked at before any list, not to be none', async () => {
    await portal.deleteFacts();
    const { services, servicesLookedAt } = await onTab();
    expect({ services, servicesLookedAt }).toMatchObject({
      servicesLookedAt: { state: 'no' },
    });
    expect(servicesLookedAt).not.toHaveProperty('at');
  });
});
