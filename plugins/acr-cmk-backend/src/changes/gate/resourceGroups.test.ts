/** Resource groups in which a team may create registries, and those that take the platform's agreement. */
import type { Intent, Plan } from 'backstage-plugin-acr-cmk-common';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { withDemoPeople } from './__testUtils__/DemoPeople';

const people = withDemoPeople();

const CREATE: Intent = {
  kind: 'create-registry',
  location: 'westeurope',
  identity: { name: 'id-newimages', create: true },
  key: {
    kind: 'new-key',
    vaultName: 'kv-contoso-rbac',
    keyName: 'newimages',
  },
};
const idOf = (group: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}`;

const createIn = (group: string, user = 'olivia') =>
  people.planAs(user, ['new-images', 'newimages', group], CREATE);
const needsOf = ({ approval }: Plan) =>
  (approval.needs ?? []).map(({ permission, because }) => [
    permission,
    because,
  ]);
const checkOf = ({ checks }: Plan) =>
  checks.find(({ id }) => id === 'resource-group')?.status;

describe('a registry', () => {
  it('is created by a team alone in a resource group whose tag names the team', async () => {
    await people.start();
    const plan = await createIn('rg-shop');
    expect([plan.blocked, checkOf(plan), needsOf(plan)]).toEqual([
      false,
      'pass',
      [],
    ]);
  });

  it('waits for the platform in a resource group of others', async () => {
    await people.start();
    const plan = await createIn('rg-platform');
    expect(needsOf(plan)).toEqual([
      [
        'acr-cmk.unbound.change',
        'the resource group rg-platform is not open to resource:default/new-images',
      ],
    ]);
    const { state } = await people.acceptAs('olivia', plan);
    expect(state).toBe('awaiting-approval');
    expect(
      people.portal.writes().filter(one => !/checkNameAvailability$/.test(one)),
    ).toEqual([]);
    expect(needsOf(await createIn('rg-platform', 'priya'))).toEqual([]);
  });

  it('is created by a team alone in a resource group that the configuration opens', async () => {
    await people.start({
      resourceGroups: [
        {
          resourceGroupId: idOf('RG-Platform'),
          entityRefs: ['group:default/team-shop'],
        },
      ],
    });
    expect(needsOf(await createIn('rg-platform'))).toEqual([]);
  });

  it('waits for the platform where the tags of the resource group cannot be read', async () => {
    await people.start();
    people.portal.azure.faults.add({
      method: 'GET',
      path: '/\\/resourceGroups\\/rg-shop$/',
      status: 403,
      code: 'AuthorizationFailed',
      times: 0,
    });
    const plan = await createIn('rg-shop');
    expect([checkOf(plan), needsOf(plan)]).toEqual([
      'unknown',
      [
        [
          'acr-cmk.unbound.change',
          'the resource group rg-shop is not open to resource:default/new-images',
        ],
      ],
    ]);
  });

  it('is not created in a resource group that is not there', async () => {
    await people.start({ scopes: [`/subscriptions/${SUBSCRIPTION}`] });
    const plan = await createIn('rg-nowhere');
    expect([plan.blocked, checkOf(plan)]).toEqual([true, 'fail']);
  });

  it('is no longer agreed to when its resource group closes before the first write', async () => {
    await people.start({ approvals: { createRegistry: 'required' } });
    const plan = await createIn('rg-shop');
    const { id } = await people.acceptAs('olivia', plan);
    await asAdmin(people.portal.azure).tagGroup('rg-shop', {});
    await expect(
      people.portal.as('paul').approve(id, plan.hash),
    ).rejects.toThrow('409');
    expect(await people.portal.as('olivia').operation(id)).toMatchObject({
      state: 'rejected',
      result: { code: 'PLAN_DRIFTED' },
    });
  });
});

describe('resource groups of a form', () => {
  it('are those of the scopes, and say which are open to the person', async () => {
    await people.start();
    expect(await people.portal.as('olivia').resourceGroups()).toEqual({
      items: [
        {
          resourceGroupId: idOf('rg-shop'),
          name: 'rg-shop',
          location: 'westeurope',
          open: true,
        },
        {
          resourceGroupId: idOf('rg-platform'),
          name: 'rg-platform',
          location: 'westeurope',
          open: false,
        },
      ],
      complete: true,
    });
  });

  it('are all of a subscription that is in scope, to those who may create registries', async () => {
    await people.start({
      scopes: [`/subscriptions/${SUBSCRIPTION}`],
      resourceGroups: [
        {
          resourceGroupId: idOf('rg-new'),
          // What belongs to an entity of the person does not open it to another entity.
          entityRefs: ['user:default/priya'],
        },
        {
          resourceGroupId: idOf('rg-keys'),
          entityRefs: ['resource:default/shop-images'],
        },
      ],
    });
    const { items } = await people.portal.as('priya').resourceGroups();
    expect(items.filter(({ open }) => open).map(({ name }) => name)).toEqual([
      'rg-new',
      'rg-platform',
    ]);
    await expect(people.portal.as('vera').resourceGroups()).rejects.toThrow(
      '403',
    );
  });
});
