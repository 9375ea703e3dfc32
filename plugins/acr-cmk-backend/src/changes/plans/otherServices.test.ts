/** Other Azure services that use the key, through the API. */
import {
  acceptanceOf,
  messageOf,
  registryId,
  startPortal,
  SUBSCRIPTION,
  type TestPortal,
} from '../../__testUtils__/portal';

const ORDERS = registryId('ordersimages');
const VAULT = 'kv-contoso-policy';
const SERVER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.Sql/servers/sql-orders`;
/** Assignment of the role to read other services, by its name in the demo's world. */
const CONSUMERS_ROLE = 'eeeeeeee-0000-4000-8000-000000000007';
/** Delay after which Resource Graph shows what was made. */
const GRAPH_SHOWS_MS = 60_000;

describe('a SQL server that uses the key of a registry', () => {
  let portal: TestPortal;
  let before: string[];
  /** Writes of the portal: none is about a SQL server. */
  const writes = () =>
    portal.writes().filter(write => !write.includes('Microsoft.Sql'));
  beforeEach(async () => {
    portal = await startPortal({
      config: { operations: { retire: true } },
    });
    const rotation = await portal.plan('orders-images', ORDERS, {
      kind: 'rotate',
    });
    await portal.carryOut(rotation);
    before = writes();
  });
  afterEach(() => portal.stop());

  const versions = () => portal.azure.state.key(VAULT, 'ordersimages').versions;
  const older = () => versions()[0].version;

  async function makeServer(version: string, tags: object = {}) {
    const { status } = await portal.azure.outOfBand(
      'PUT',
      `https://management.azure.com${SERVER}?api-version=2023-08-01`,
      {
        location: 'westeurope',
        tags,
        properties: {
          keyId: `https://${VAULT}.vault.azure.net/keys/ordersimages/${version}`,
        },
      },
    );
    expect(status).toBeLessThan(300);
    portal.azure.clock.advance(GRAPH_SHOWS_MS);
    await portal.ageFacts(GRAPH_SHOWS_MS);
  }

  const retire = () =>
    portal.plan('orders-images', ORDERS, { kind: 'retire', version: older() });
  const servicesCheck = (
    { checks }: { checks: { id: string }[] },
    name = 'other-services',
  ) => checks.find(({ id }) => id === name);

  it('keeps its version from being retired', async () => {
    await makeServer(older());
    const plan = await retire();
    expect(plan.blocked).toBe(true);
    expect(servicesCheck(plan)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('use the version'),
    });
    expect(
      await messageOf(
        portal.as().accept(
          acceptanceOf(plan, {
            reason: 'Not used',
            confirmation: plan.confirmation.typedName ?? undefined,
          }),
        ),
      ),
    ).toContain('SQL server');
    expect(writes()).toEqual(before);
  });

  it('is noticed when it appears between the plan and its acceptance', async () => {
    const plan = await retire();
    expect(plan.blocked).toBe(false);
    expect(servicesCheck(plan)).toMatchObject({ status: 'pass' });
    await makeServer(older());
    expect(
      await messageOf(
        portal.as().accept(
          acceptanceOf(plan, {
            reason: 'Not used',
            confirmation: plan.confirmation.typedName ?? undefined,
          }),
        ),
      ),
    ).toMatch(/other-services/);
    expect(writes()).toEqual(before);
  });

  it('is not cut off by an owner alone', async () => {
    portal.forbid('acr-cmk.unbound.change');
    await makeServer(older());
    const plan = await portal.plan('orders-images', ORDERS, {
      kind: 'revoke',
      method: 'disable-all-versions',
    });
    expect(servicesCheck(plan)).toMatchObject({
      status: 'warn',
      message: expect.stringMatching(
        /Lose the key too: SQL server\. .*refuse connections/,
      ),
    });
    expect(plan.services).toMatchObject([
      {
        service: 'SQL server',
        onLoss: { text: expect.stringContaining('refuse connections') },
        resources: [{ name: 'sql-orders', uses: [{ version: older() }] }],
      },
    ]);
    expect(plan.approval).toMatchObject({
      required: true,
      needs: [{ permission: 'acr-cmk.unbound.change' }],
    });
    const operation = await portal.as().accept(
      acceptanceOf(plan, {
        reason: 'An incident',
        confirmation: plan.confirmation.typedName ?? undefined,
      }),
    );
    expect(operation.state).toBe('awaiting-approval');
    expect(writes()).toEqual(before);
  });

  it('is not said to be absent where the role is missing', async () => {
    const [role] = portal.azure.state
      .assignments(portal.azure.state.principalId('acr-cmk-reader'))
      .filter(({ name }) => name === CONSUMERS_ROLE);
    await portal.azure.outOfBand(
      'DELETE',
      `https://management.azure.com${role.id}?api-version=2022-04-01`,
    );
    await portal.deleteFacts();
    const notLookedAt = {
      status: 'unknown',
      message: 'Other Azure services: not looked at.',
      remedy: expect.stringContaining('key-consumer-reader.json'),
    };
    const rotation = await portal.plan('orders-images', ORDERS, {
      kind: 'rotate',
    });
    expect(servicesCheck(rotation, 'services-follow')).toMatchObject(
      notLookedAt,
    );
    const keyOfNobody = `https://${VAULT}.vault.azure.net/keys/nobodys`;
    await portal.azure.outOfBand(
      'POST',
      `${keyOfNobody}/create?api-version=7.5`,
      { kty: 'RSA' },
    );
    const creation = await portal.plan('new-images', registryId('newimages'), {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-newimages', create: true },
      key: { kind: 'existing', keyIdentifier: keyOfNobody },
    });
    expect(servicesCheck(creation, 'key-shared')).toMatchObject(notLookedAt);
    await makeServer(older());
    expect(servicesCheck(await retire())).toMatchObject(notLookedAt);
  });
});
