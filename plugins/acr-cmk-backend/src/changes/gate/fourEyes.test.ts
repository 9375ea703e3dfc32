/**
 * A revoke of two people stays one: whatever gives the access back waits for a second person too, by whichever
 * intent and whichever way in, and Azure's log shows no write until then.
 */
import { mockCredentials } from '@backstage/backend-test-utils';
import type {
  Intent,
  Operation,
  Plan,
  RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import { acceptanceOf, registryId, resource } from '../../__testUtils__/portal';
import {
  BASE,
  entities,
  type Place,
  SHOP,
  withDemoPeople,
} from './__testUtils__/DemoPeople';

const people = withDemoPeople();

const FOUR_EYES = {
  approvals: { revoke: 'required', restore: 'required' },
};
const BACK: Intent = {
  kind: 'rotate',
  key: { kind: 'current' },
  grantAccess: true,
};
const NAMES: Record<string, string> = {
  'shop-images': 'shopimages',
  'shared-base': 'sharedbase',
};

/** Priya requests the revoke, and Paul approves it. Returns how it ended. */
async function revokedByTwo(
  place: Place,
  method: RevokeMethodId = 'role-assignment',
): Promise<Operation['state']> {
  const plan = await people.planAs('priya', place, { kind: 'revoke', method });
  const { id } = await people.acceptAs('priya', plan, NAMES[place[0]]);
  await people.portal.as('paul').approve(id, plan.hash);
  const { state } = await people.portal.untilEnded(id);
  people.portal.azure.clearRequests();
  return state;
}

const needsOf = ({ approval }: Pick<Plan, 'approval'>) =>
  (approval.needs ?? []).map(({ permission, entityRef }) =>
    [permission, entityRef].filter(Boolean).join(' on '),
  );
const APPROVAL = (entity: string) =>
  `acr-cmk.operation.approve on resource:default/${entity}`;

/** The ways in, each as Priya, who holds every permission. They answer the state, or why it was refused. */
const WAYS: Record<string, (plan: Plan) => Promise<string>> = {
  async REST(plan) {
    return (await people.acceptAs('priya', plan)).state;
  },
  async MCP({ id, hash }) {
    const { status, body } = await people.invoke(
      'priya',
      'accept-rotate-plan',
      { planId: id, planHash: hash, reason: 'Asked for by a program' },
    );
    return status === 200 ? body.output.state : body.error.message;
  },
  async template(plan) {
    const { status, body } = await people.portal.request(
      'POST',
      '/v1/operations',
      {
        headers: {
          Authorization: `Bearer ${mockCredentials.user.token(
            'user:default/priya',
            { actor: { subject: 'plugin:scaffolder' } },
          )}`,
        },
        body: acceptanceOf(plan, { reason: 'Asked for by a template' }),
      },
    );
    return status === 202 ? body.state : body.error.message;
  },
};

describe('access that a revoke of two people took', () => {
  it.each(Object.keys(WAYS))(
    'is not given back by a rotation of one person, by %s',
    async way => {
      await people.start(FOUR_EYES);
      expect(await revokedByTwo(SHOP)).toBe('succeeded');
      const plan = await people.planAs('priya', SHOP, BACK);
      expect(plan.blocked).toBe(false);
      expect(needsOf(plan)).toEqual([APPROVAL('shop-images')]);
      expect(plan.approval.needs?.[0].because).toBe(
        'this portal requires a second person (acrCmk.approvals.restore)',
      );
      expect(await WAYS[way](plan)).toBe('awaiting-approval');
      expect(people.portal.writes()).toEqual([]);
    },
  );

  it('is given back by a rotation once a second person agrees, which ends the revoke', async () => {
    await people.start(FOUR_EYES);
    expect(await revokedByTwo(SHOP)).toBe('succeeded');
    const plan = await people.planAs('priya', SHOP, BACK);
    const { id } = await people.acceptAs('priya', plan);
    await people.portal.as('paul').approve(id, plan.hash);
    expect((await people.portal.untilEnded(id)).state).toBe('succeeded');
    const after = await people.planAs('priya', SHOP, { kind: 'rotate' });
    expect(after.approval.required).toBe(false);
  });

  it('is asked of the owners of every registry that gets it back, by the permission to restore', async () => {
    await people.start(FOUR_EYES, {
      entities: entities.filter(({ metadata }) => metadata.name !== 'vera'),
    });
    // One identity for three registries: the revoke of one takes it from all.
    expect(await revokedByTwo(BASE)).toBe('succeeded');
    // Owners have every permission on their entities, and none on those of others.
    const rights: Record<string, string> = {
      olivia: 'resource:default/shared-base',
      daniel: 'resource:default/shared-tools',
    };
    people.portal.decide(
      (permission, entityRef, user) =>
        /acr-cmk\.(use|registry\.read)$/.test(permission) ||
        rights[user] === entityRef,
    );
    const plan = await people.planAs('olivia', BASE, BACK);
    expect(needsOf(plan).sort()).toEqual([
      'acr-cmk.key.restore on resource:default/shared-tools',
      APPROVAL('shared-base'),
      'acr-cmk.unbound.change',
    ]);
    const { state } = await people.acceptAs('olivia', plan);
    expect(state).toBe('awaiting-approval');
    expect(people.portal.writes()).toEqual([]);
  });

  it('is not given back by a new version of the disabled key, made for another registry that uses the key', async () => {
    const DATA: Place = ['shared-data', 'shareddata', 'rg-platform'];
    const data = registryId(DATA[1], DATA[2]);
    await people.start(
      {
        ...FOUR_EYES,
        bindings: [
          { registryId: data, entityRef: 'resource:default/shared-data' },
        ],
      },
      { entities: [...entities, resource('shared-data', data)] },
    );
    // Two registries follow the version that is disabled; the third stays on an older one.
    expect(await revokedByTwo(BASE, 'disable-version')).toBe('succeeded');
    people.portal.decide(
      (permission, entityRef) =>
        /acr-cmk\.(use|registry\.read|key\.rotate)$/.test(permission) ||
        entityRef === 'resource:default/shared-data',
    );
    const plan = await people.planAs('olivia', DATA, { kind: 'rotate' });
    expect(plan.blocked).toBe(false);
    expect(needsOf(plan).sort()).toEqual([
      'acr-cmk.key.restore on resource:default/shared-base',
      'acr-cmk.key.restore on resource:default/shared-tools',
      APPROVAL('shared-data'),
    ]);
    const { state } = await people.acceptAs('olivia', plan);
    expect(state).toBe('awaiting-approval');
    expect(people.portal.writes()).toEqual([]);
  });

  it('is not given back by a new registry that uses the same identity and key', async () => {
    const group = 'rg-platform';
    await people.start(FOUR_EYES);
    expect(await revokedByTwo(BASE)).toBe('succeeded');
    const plan = await people.portal.as('priya').plan({
      entityRef: 'group:default/platform-team',
      registryId: registryId('brandnew', group),
      intent: {
        kind: 'create-registry',
        location: 'westeurope',
        identity: { name: 'id-platform-shared' },
        key: {
          kind: 'existing',
          keyIdentifier:
            'https://kv-contoso-rbac.vault.azure.net/keys/platform-shared',
        },
      },
    });
    expect(plan.blocked).toBe(false);
    expect(needsOf(plan)).toEqual([
      'acr-cmk.operation.approve on group:default/platform-team',
    ]);
    expect((await people.acceptAs('priya', plan)).state).toBe(
      'awaiting-approval',
    );
    expect(
      people.portal.writes().filter(one => !/checkNameAvailability$/.test(one)),
    ).toEqual([]);
  });
});
