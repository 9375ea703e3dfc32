/** View of a registry through an entity that only names it: its facts, and nothing that people did. */
import type { RegistryEncryption } from 'backstage-plugin-acr-cmk-common';
import { registryId, resource, messageOf } from '../../__testUtils__/portal';
import {
  BASE,
  entities,
  type Place,
  policy,
  SHOP,
  TOOLS,
  withDemoPeople,
} from './__testUtils__/DemoPeople';

const people = withDemoPeople();

/** Daniel's, for a registry that is not his. */
const SPY = 'resource:default/spy';

/** Daniel sees what his own team has registered, and nothing else. */
async function startSpying([entity, registry, group]: Place) {
  await people.start(undefined, {
    entities: [
      ...entities,
      resource('spy', registryId(registry, group), 'team-payments'),
    ],
    hides: (ref, user) => user === 'daniel' && ref.endsWith(`/${entity}`),
  });
  people.portal.decide((permission, ref, user) =>
    user === 'daniel' && ref !== undefined
      ? ref === SPY
      : policy(permission, ref, user),
  );
}

async function seen(user: string, entityRef = SPY) {
  const { registries } = await people.portal
    .as(user)
    .registriesOf(entityRef, { refresh: true });
  return registries[0] as RegistryEncryption;
}

async function revoke([entity, registry, group]: Place) {
  const place: Place = [entity, registry, group];
  const plan = await people.planAs('priya', place, {
    kind: 'revoke',
    method: 'role-assignment',
    restoreAfterMinutes: 60,
  });
  const { id } = await people.acceptAs('priya', plan, registry);
  return people.portal.untilEnded(id);
}

describe.each<[string, { revoked: Place; named: Place }]>([
  ['itself was revoked', { revoked: SHOP, named: SHOP }],
  ['lost its key with that of another', { revoked: BASE, named: TOOLS }],
])('of a registry that %s, an entity that only names it', (_how, of) => {
  it('shows the state, and not by whom, why, until when or by which operation', async () => {
    await startSpying(of.named);
    const { id } = await revoke(of.revoked);
    const spied = await seen('daniel');
    expect(spied).toMatchObject({
      kind: 'registry',
      binding: { proven: false },
      state: { id: 'revoked', message: expect.any(String) },
    });
    expect(spied.state.revoked).toBeUndefined();
    const listed = await people.portal
      .as('daniel')
      .operations({ entityRef: SPY });
    const answers = [
      spied,
      listed,
      (
        await people.portal.request('GET', `/v1/operations/${id}`, {
          user: 'daniel',
        })
      ).body,
      (
        await people.portal.request('GET', `/v1/operations/${id}/events`, {
          user: 'daniel',
        })
      ).body,
    ];
    expect(JSON.stringify(answers)).not.toMatch(/priya|Tried in a test/);
    expect(JSON.stringify([spied, listed])).not.toContain(id);
  });

  it('shows them to readers of the entity that the revoke was requested for, as a linked one does', async () => {
    await startSpying(of.named);
    const { id } = await revoke(of.revoked);
    const asked = `resource:default/${of.revoked[0]}`;
    const revoked = { operationId: id, by: 'user:default/priya' };
    expect((await seen('olivia')).state.revoked).toMatchObject(revoked);
    people.portal.decide(
      (_permission, ref, user) =>
        user === 'olivia' && (ref === SPY || ref === asked),
    );
    expect((await seen('olivia')).state.revoked).toMatchObject(revoked);
    const linked = `resource:default/${of.named[0]}`;
    people.portal.decide(
      (_permission, ref, user) => user === 'olivia' && ref === linked,
    );
    expect((await seen('olivia', linked)).state.revoked).toMatchObject(revoked);
    expect((await people.portal.as().operation(id)).id).toBe(id);
  });
});

it('an entity in the tag of a registry is not named to those who may not see it', async () => {
  await startSpying(SHOP);
  const hidden = 'names another entity, not resource:default/spy';
  const spied = await seen('daniel');
  expect(spied.binding.message).toContain(hidden);
  expect(
    spied.actions.find(({ action }) => action === 'rotate')?.reason,
  ).toContain(hidden);
  const refusal = await messageOf(
    people.planAs('daniel', ['spy', 'shopimages'], { kind: 'rotate' }),
  );
  expect(refusal).toContain(hidden);
  expect(JSON.stringify([spied, refusal])).not.toContain('shop-images');
  const { binding } = await seen('olivia');
  expect(binding.message).toContain('names resource:default/shop-images, not');
  expect(people.portal.writes()).toEqual([]);
});
