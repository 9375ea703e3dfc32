/** Texts of a plan about identities that are not open to the entity. */
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { messageOf } from '../../__testUtils__/portal';
import { type Place, withDemoPeople } from './__testUtils__/DemoPeople';

const people = withDemoPeople();

const OWN: Place = ['catalog-images', 'catalogimages'];
const NEW: Place = ['daniel-images', 'danielimages'];
/** Identity of team-shop; Daniel's team is team-payments. */
const CLOSED = 'id-shopimages';
const NO_GUID = 'bbbbbbbb-0000-4000-8000-000000000000';
const idOf = (name: string, group = 'rg-shop') =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

const rotate = (identity: string): Intent => ({
  kind: 'rotate',
  key: { kind: 'current' },
  identity,
});
const create = (name: string, make = false): Intent => ({
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name, create: make },
  key: {
    kind: 'existing',
    keyIdentifier: 'https://kv-contoso-rbac.vault.azure.net/keys/catalogimages',
  },
});
const OPEN_KEY = {
  keyIdentifier: 'https://kv-contoso-rbac.vault.azure.net/keys/catalogimages',
  entityRefs: ['group:default/team-payments'],
};

const identity = async (name: string) => {
  const { body } = await people.portal.azure.outOfBand(
    'GET',
    `https://management.azure.com${idOf(name)}?api-version=2023-01-31`,
  );
  return (body as { properties: { clientId: string; principalId: string } })
    .properties;
};
/** Every text that names the identity of another team, beside one that names none. */
const pairs = async (): Promise<[there: string, missing: string][]> => {
  const { clientId, principalId } = await identity(CLOSED);
  return [
    [CLOSED, 'id-nosuch'],
    [idOf(CLOSED), idOf('id-nosuch')],
    [clientId, NO_GUID],
    [principalId, NO_GUID],
  ];
};

describe('an identity that is not open', () => {
  it.each([
    ['rotate to', OWN, rotate],
    ['create a registry with', NEW, create],
  ] as const)(
    'is refused to those who %s it, whether or not it is there',
    async (_, place, intentOf) => {
      await people.start({ keys: [OPEN_KEY] });
      const answer = async (text: string) => {
        const message = await messageOf(
          people.planAs('daniel', place, intentOf(text)),
        );
        return message.replaceAll(text, 'X');
      };
      for (const [there, missing] of await pairs()) {
        const refusal = await answer(there);
        expect(refusal).toContain(
          `resource:default/${place[0]} may not use the identity X, or it does not exist`,
        );
        expect(await answer(missing)).toBe(refusal);
      }
    },
  );

  it('is refused the same way while identities cannot be read', async () => {
    await people.start();
    const answer = (text: string) =>
      messageOf(people.planAs('daniel', OWN, rotate(text)));
    const refusal = await answer('id-nosuch');
    people.portal.azure.faults.add({
      path: `*/userAssignedIdentities/${CLOSED}`,
      status: 403,
      code: 'AuthorizationFailed',
      times: 0,
    });
    expect(await answer(CLOSED)).toBe(refusal.replaceAll('id-nosuch', CLOSED));
  });

  it('does not keep a registry from having one of that name made elsewhere', async () => {
    await people.start({ keys: [OPEN_KEY] });
    // As many steps, and the same ones, as for a name that nobody has.
    const stepsOf = async (name: string) =>
      (await people.planAs('daniel', NEW, create(name, true))).steps.map(
        ({ kind }) => kind,
      );
    const steps = await stepsOf('id-nosuch');
    expect(steps).toContain('create-identity');
    expect(await stepsOf('id-platform-shared')).toEqual(steps);
    // In the resource group of the registry the name is taken.
    expect(
      await messageOf(people.planAs('daniel', NEW, create(CLOSED, true))),
    ).toContain(`may not use the identity ${CLOSED}`);
  });
});

it('an identity that is open is still told apart from one that is missing', async () => {
  await people.start({
    identities: [CLOSED, 'id-nosuch'].map(name => ({
      resourceId: idOf(name),
      entityRefs: ['group:default/team-payments'],
    })),
  });
  const { principalId, clientId } = await identity(CLOSED);
  expect(
    await messageOf(people.planAs('daniel', OWN, rotate(principalId))),
  ).toContain(clientId);
  expect(
    await messageOf(people.planAs('daniel', OWN, rotate(idOf('id-nosuch')))),
  ).toContain('no such identity');
  const plan = await people.planAs('daniel', OWN, rotate(CLOSED));
  expect(plan.after.identity).toBe(clientId);
});
