/** Names of those who are asked: by `acrCmk.approvers`, and nobody by assumption. */
import type { RegistryEncryption } from 'backstage-plugin-acr-cmk-common';
import { messageOf } from '../../__testUtils__/portal';
import {
  BASE,
  entities,
  policy,
  SHOP,
  withDemoPeople,
} from './__testUtils__/DemoPeople';

const people = withDemoPeople();

const PLATFORM = 'group:default/platform-team';
const APPROVERS = [
  { permissions: ['acr-cmk.key.rotate'], owners: true },
  {
    permissions: ['acr-cmk.key.grant', 'acr-cmk.key.revoke'],
    groups: [PLATFORM],
  },
  {
    permissions: ['acr-cmk.key.rotate', 'acr-cmk.unbound.change'],
    groups: ['group:default/Auditors'],
  },
];
/** Needs acr-cmk.key.grant, which owners lack. */
const NEW_KEY = {
  kind: 'rotate',
  key: { kind: 'new-key', vaultName: 'kv-contoso-rbac', keyName: 'brand-new' },
  grantAccess: true,
} as const;

describe('a request that needs others', () => {
  it('names the groups that the configuration has for the permission', async () => {
    await people.start({ approvers: APPROVERS });
    const { approval } = await people.planAs('olivia', SHOP, NEW_KEY);
    expect(approval).toEqual({
      required: true,
      message:
        'Needs approval from platform-team (acr-cmk.key.grant on resource:default/shop-images), because an identity gets access to the key.',
      needs: [
        {
          permission: 'acr-cmk.key.grant',
          entityRef: 'resource:default/shop-images',
          because: 'an identity gets access to the key',
          askedOf: [PLATFORM],
        },
      ],
    });
  });

  it('names owners where the configuration says that they may be asked', async () => {
    await people.start({ approvers: APPROVERS });
    const { approval } = await people.planAs('olivia', BASE, {
      kind: 'rotate',
    });
    expect(
      approval.needs?.map(({ permission, askedOf }) => [permission, askedOf]),
    ).toEqual([
      ['acr-cmk.unbound.change', ['group:default/auditors']],
      [
        'acr-cmk.key.rotate',
        ['group:default/team-payments', 'group:default/auditors'],
      ],
    ]);
    expect(approval.message).toContain(
      'Needs approval from team-payments or auditors (acr-cmk.key.rotate on resource:default/shared-tools), because the registry sharedtools uses this key.',
    );
  });

  it('says at once, of the plan and of the operation, that nobody is named', async () => {
    await people.start();
    const plan = await people.planAs('olivia', SHOP, NEW_KEY);
    const message =
      'Needs approval from somebody with acr-cmk.key.grant on resource:default/shop-images, because an identity gets access to the key. Nobody is notified, because acrCmk.approvers names nobody for acr-cmk.key.grant: ask somebody yourself.';
    expect([plan.approval.message, plan.approval.needs?.[0].askedOf]).toEqual([
      message,
      [],
    ]);
    const operation = await people.acceptAs('olivia', plan);
    expect([
      operation.state,
      operation.plan.approval.message,
      operation.approval?.needs?.[0].askedOf,
    ]).toEqual(['awaiting-approval', message, []]);
  });

  it('does not name an entity or its owner to people who may not see it', async () => {
    await people.start(
      { approvers: APPROVERS.slice(0, 1) },
      {
        hides: (entityRef, user) =>
          user === 'olivia' && entityRef === 'resource:default/shared-tools',
      },
    );
    const { approval } = await people.planAs('olivia', BASE, {
      kind: 'rotate',
    });
    expect(approval.needs?.[1]).toEqual({
      permission: 'acr-cmk.key.rotate',
      because: 'the registry sharedtools uses this key',
      hiddenEntity: true,
      askedOf: [],
    });
    expect(approval.message).toContain(
      'Needs approval from the owner of an entity that you may not see (acr-cmk.key.rotate)',
    );
    // The owner is asked all the same.
    expect(approval.message).toContain(
      'names nobody for acr-cmk.unbound.change: ask',
    );
  });
});

describe('a refusal', () => {
  const refused = (user: string) =>
    messageOf(people.planAs(user, SHOP, { kind: 'revoke' }));

  it('names the groups that the configuration has for the permission', async () => {
    await people.start({ approvers: APPROVERS });
    expect(await refused('olivia')).toBe(
      'You need the permission acr-cmk.key.revoke on resource:default/shop-images. Ask platform-team',
    );
  });

  it('names them on the tab as well, beside an action that the viewer may not take', async () => {
    await people.start({ approvers: APPROVERS });
    const [entity] = SHOP;
    const { registries } = await people.portal
      .as('olivia')
      .registriesOf(`resource:default/${entity}`);
    const [registry] = registries as RegistryEncryption[];
    expect(
      registry.actions.find(({ action }) => action === 'revoke')?.reason,
    ).toBe(
      'You need the permission acr-cmk.key.revoke on this entity. Ask platform-team.',
    );
    expect(
      registry.actions.find(({ action }) => action === 'restore')?.reason,
    ).toBe(
      'You need the permission acr-cmk.key.restore on this entity. Ask somebody who has it.',
    );
  });

  it('names nobody by assumption', async () => {
    await people.start();
    expect(await refused('olivia')).toBe(
      'You need the permission acr-cmk.key.revoke on resource:default/shop-images. Ask somebody who has it',
    );
  });
});

it('asks for what is left after an approval, and ends when its approver has left the group that was asked', async () => {
  await people.start({
    approvers: [
      { permissions: ['acr-cmk.unbound.change'], groups: [PLATFORM] },
    ],
  });
  const plan = await people.planAs('olivia', BASE, { kind: 'rotate' });
  const { id } = await people.acceptAs('olivia', plan);
  people.portal.decide((permission, entityRef, user) =>
    user === 'priya'
      ? permission === 'acr-cmk.unbound.change'
      : policy(permission, entityRef, user),
  );
  const asked = async () =>
    (await people.portal.as('olivia').operation(id)).plan.approval.message;
  expect(await asked()).toContain('acr-cmk.unbound.change');
  await people.portal.as('priya').approve(id, plan.hash);
  // What is left, and not what Priya has given.
  expect(await asked()).toContain('acr-cmk.key.rotate');
  expect(await asked()).not.toContain('acr-cmk.unbound.change');
  const priya = entities.find(({ metadata }) => metadata.name === 'priya')!;
  const { relations } = priya;
  priya.relations = [];
  try {
    expect(
      await messageOf(people.portal.as('daniel').approve(id, plan.hash)),
    ).toContain(
      `approver user:default/priya (is in the catalog and is a member of ${PLATFORM} → is in the catalog)`,
    );
  } finally {
    priya.relations = relations;
  }
  expect(people.portal.writes()).toEqual([]);
});
