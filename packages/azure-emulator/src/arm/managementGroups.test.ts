import { ARM, SUBSCRIPTION, useEmulator } from '../__testUtils__/emulated';
import { seconds } from '../state/durations';

const world = useEmulator();
const { call } = world;

const GROUPS = `${ARM}/providers/Microsoft.Management/managementGroups`;
const GRAPH = `${ARM}/providers/Microsoft.ResourceGraph/resources`;
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const NAME = '12345678-1234-4234-8234-123456789012';

const descendants = async (group: string) =>
  (await call('reader', 'GET', `${GROUPS}/${group}/descendants`)).json.value;
const count = (scope: object) =>
  call('reader', 'POST', GRAPH, {
    query: 'resources | summarize n = count()',
    ...scope,
  });

describe('management groups', () => {
  it('lists groups and subscriptions below a group, however deep', async () => {
    const { subscriptionId } = world.emulator.ready;
    expect(await descendants('contoso')).toEqual([
      {
        id: '/providers/Microsoft.Management/managementGroups/contoso-platform',
        type: 'Microsoft.Management/managementGroups',
        name: 'contoso-platform',
        properties: {
          displayName: 'Contoso Platform',
          parent: {
            id: '/providers/Microsoft.Management/managementGroups/contoso',
          },
        },
      },
      {
        id: SUBSCRIPTION,
        type: 'Microsoft.Management/managementGroups/subscriptions',
        name: subscriptionId,
        properties: {
          displayName: 'Contoso Demo',
          parent: {
            id: '/providers/Microsoft.Management/managementGroups/contoso-platform',
          },
        },
      },
    ]);
  });

  it('pages through descendants', async () => {
    const first = await call(
      'reader',
      'GET',
      `${GROUPS}/contoso/descendants?$top=1`,
    );
    expect(first.json.value).toHaveLength(1);
    const second = await call(
      'reader',
      'GET',
      first.json.nextLink as unknown as string,
    );
    expect(second.json.value).toMatchObject([
      { name: world.emulator.ready.subscriptionId },
    ]);
    expect(second.json.nextLink).toBeUndefined();
  });

  it('a role at the group is needed, which a role at the subscription is not', async () => {
    const url = `${GROUPS}/contoso/descendants`;
    expect((await call('rotator', 'GET', url)).status).toBe(403);
    expect(
      (await call('admin', 'GET', `${GROUPS}/nowhere/descendants`)).json,
    ).toMatchObject({ error: { code: 'NotFound' } });
  });

  it('Resource Graph queries what is in a group', async () => {
    const all = (await count({})).json.data;
    expect(all).toMatchObject([{ n: expect.any(Number) }]);
    for (const group of ['contoso', 'contoso-platform']) {
      expect((await count({ managementGroups: [group] })).json.data).toEqual(
        all,
      );
    }
    expect((await count({ managementGroups: ['nowhere'] })).status).toBe(403);
  });

  it('a role at a group permits what is below it, and is listed there as inherited', async () => {
    const scope = `${GROUPS}/contoso`;
    const principalId = world.emulator.state.principalId('id-shopimages');
    const made = await world.assign(scope, READER, 'id-shopimages');
    expect(made.status).toBe(201);
    world.emulator.clock.advance(seconds(1));
    const listed = await call(
      'reader',
      'GET',
      `${ARM}${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments?$filter=principalId eq '${principalId}'`,
    );
    expect(listed.json.value).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: NAME })]),
    );
    const inGraph = async (authorizationScopeFilter?: string) => {
      const { json } = await call('reader', 'POST', GRAPH, {
        query: `authorizationresources | where type =~ 'microsoft.authorization/roleassignments' and name =~ '${NAME}' | summarize n = count()`,
        subscriptions: [world.emulator.ready.subscriptionId],
        options: { authorizationScopeFilter },
      });
      return (json.data as unknown as { n: number }[])[0].n;
    };
    expect(await inGraph()).toBe(0);
    expect(await inGraph('AtScopeAboveAndBelow')).toBe(1);
  });
});
