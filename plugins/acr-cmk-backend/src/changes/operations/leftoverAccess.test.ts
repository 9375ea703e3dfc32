import {
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const ENTITY = 'orders-images';
const ORDERS = registryId('ordersimages');
const VAULT = ORDERS.replace(
  /\/resourceGroups\/.*$/,
  '/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-contoso-policy',
);

const armUrl = (id: string) =>
  `https://management.azure.com${id}?api-version=2026-02-01`;

/** A registry's identity whose access policy somebody else has changed, in Azure, to these key permissions. */
describe('what is left of an access policy', () => {
  let portal: TestPortal;
  beforeEach(async () => {
    portal = await startPortal();
  });
  afterEach(() => portal.stop());

  const view = async () => {
    const { registries } = await portal
      .as()
      .registriesOf(`resource:default/${ENTITY}`, { refresh: true });
    const [registry] = registries;
    if (registry.kind !== 'registry') throw new Error('It cannot be read');
    return registry;
  };
  /** Takes permissions of the identity away, outside of this portal. */
  const take = async (...keys: string[]) => {
    const { identity } = await view();
    const vault = await portal.azure.outOfBand('GET', armUrl(VAULT));
    const { tenantId } = (vault.body as { properties: { tenantId: string } })
      .properties;
    await portal.azure.outOfBand(
      'PUT',
      armUrl(`${VAULT}/accessPolicies/remove`),
      {
        properties: {
          accessPolicies: [
            {
              tenantId,
              objectId: identity!.principalId,
              permissions: { keys },
            },
          ],
        },
      },
    );
    await portal.ageFacts(60_000);
  };
  const findings = async () =>
    (await view()).findings
      .filter(({ verdict }) => verdict === 'found')
      .map(({ id }) => id);

  it('is not called revoked while it unwraps, and a revoke ends it', async () => {
    await take('get', 'wrapKey');
    expect((await view()).state.id).not.toBe('revoked');
    expect(await findings()).toContain('access-incomplete');

    const revoke = await portal.plan(ENTITY, ORDERS, {
      kind: 'revoke',
      method: 'access-policy',
    });
    expect(revoke.blocked).toBe(false);
    const { state, steps } = await portal.carryOut(revoke, {
      confirmation: 'ordersimages',
    });
    expect(state).toBe('succeeded');
    expect(steps.at(-1)?.message).toContain(
      'No access policy of the identity itself is left; 3 other object ids may use the key',
    );
    expect((await view()).state.id).toBe('revoked');
  });

  it('is called revoked once nothing unwraps, whatever else is left', async () => {
    await take('unwrapKey');
    expect((await view()).state.id).toBe('revoked');
    expect(await findings()).not.toContain('access-incomplete');
  });
});
