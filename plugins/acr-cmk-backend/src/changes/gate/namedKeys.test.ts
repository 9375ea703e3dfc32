/** Texts of a plan about keys and vaults that are not open to the entity, when the plan has no step. */
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { messageOf, registryId } from '../../__testUtils__/portal';
import { type Place, withDemoPeople } from './__testUtils__/DemoPeople';

const people = withDemoPeople();

/** Open to team-shop and the platform, not to Daniel's team-payments. */
const VAULT = 'kv-contoso-rbac';
const keyAt = (keyName: string, vault = VAULT) => ({
  kind: 'existing' as const,
  keyIdentifier: `https://${vault}.vault.azure.net/keys/${keyName}`,
});
const NEW: Place = ['daniel-images', 'danielimages'];
const OWN: Place = ['catalog-images', 'catalogimages'];

const create = (keyName: string, vault?: string): Intent => ({
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'id-danielimages', create: true },
  key: keyAt(keyName, vault),
});
const rotate = (keyName: string, vault?: string): Intent => ({
  kind: 'rotate',
  key: keyAt(keyName, vault),
});

describe('a key that is not open', () => {
  beforeEach(() => people.start());

  const deleteKey = (keyName: string) =>
    asAdmin(people.portal.azure).deleteKey(VAULT, keyName);

  it.each([
    ['create a registry with', NEW, create],
    ['rotate to', OWN, rotate],
  ] as const)(
    'is refused to those who %s it, whether or not it is there',
    async (_, place, intentOf) => {
      const refusal = (keyName: string) =>
        messageOf(people.planAs('daniel', place, intentOf(keyName)));
      const there = await refusal('shopimages');
      expect(there).toContain(
        `resource:default/${place[0]} may not use the key shopimages of the vault ${VAULT}`,
      );
      expect(await refusal('nosuchkey')).toBe(
        there.replaceAll('shopimages', 'nosuchkey'),
      );
      await deleteKey('shopimages');
      expect(await refusal('shopimages')).toBe(there);
    },
  );

  it('is refused by the name of its field', async () => {
    const { status, body } = await people.portal.request('POST', '/v1/plans', {
      user: 'daniel',
      body: {
        entityRef: 'resource:default/catalog-images',
        registryId: registryId('catalogimages'),
        intent: rotate('shopimages'),
      },
    });
    expect([status, body.error.field]).toEqual([
      403,
      'intent.key.keyIdentifier',
    ]);
  });

  it.each([
    ['create a registry with', NEW, create],
    ['rotate to', OWN, rotate],
  ] as const)(
    'is refused the same way to those who %s it, where its vault cannot be read',
    async (_, place, intentOf) => {
      const refusal = (vault?: string) =>
        messageOf(people.planAs('daniel', place, intentOf('nosuchkey', vault)));
      const there = await refusal();
      expect(await refusal('kv-nowhere')).toBe(
        there.replaceAll(VAULT, 'kv-nowhere'),
      );
    },
  );

  it('is still told apart by those to whom its vault is open', async () => {
    const plan = await people.planAs(
      'olivia',
      ['olivia-images', 'oliviaimages'],
      create('nosuchkey'),
    );
    expect(plan.blocked).toBe(true);
    expect(plan.steps).toEqual([]);
  });
});
