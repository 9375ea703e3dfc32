import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { mayReadBy } from '../../__testUtils__/mayReadBy';
import { NOBODY } from '../../__testUtils__/nobody';
import { PermissionChecker } from '../gate/PermissionChecker';
import { EntityReader } from '../../catalog/EntityReader';
import { OperationReader } from './OperationReader';
import type { ListedOperations } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';

const OWN = 'resource:default/shared-tools';
const OTHER = 'resource:default/shared-base';

const record = (id: string, entityRef: string) =>
  ({
    id,
    entityRef,
    requestedBy: 'user:default/olivia',
    state: 'succeeded',
    intent: { kind: 'rotate' },
    registryId: { key: 'shared' },
    effects: [],
    steps: [],
    createdAt: 0,
    plan: {
      entityRef,
      consumers: [],
      approval: { required: false },
      confirmation: { typedName: null },
    },
  }) as unknown as OperationRecord;

/** Newest first, as the store answers: `others` of another entity, which need an agreement, then our own. */
function readerOf(others: number, own: number, entityRef = OWN) {
  const all = [
    ...Array.from({ length: others }, (_, n) => record(`other-${n}`, OTHER)),
    ...Array.from({ length: own }, (_, n) => record(`own-${n}`, entityRef)),
  ];
  const limits: number[] = [];
  const asked: number[] = [];
  const entitiesSeenBy = () =>
    new EntityReader({
      catalog: {
        getEntitiesByRefs: async ({ entityRefs }) => {
          asked.push(entityRefs.length);
          return { items: entityRefs.map(() => undefined) };
        },
      },
      credentials: mockCredentials.user(),
      fields: [],
    });
  const permissions = mockServices.permissions.mock();
  permissions.authorizeConditional.mockResolvedValue([
    { result: AuthorizeResult.DENY },
  ]);
  permissions.authorize.mockImplementation(async requests =>
    requests.map(request => ({
      result:
        'resourceRef' in request && request.resourceRef === entityRef
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
    })),
  );
  const reader = new OperationReader(
    { config: { approvers: new Map() } },
    {
      operations: {
        get: async () => undefined,
        list: async ({ limit }: ListedOperations) => {
          limits.push(limit);
          return all.slice(0, limit);
        },
      },
      catalog: {
        registriesOf: async () => ({ entityRef, named: [] }),
        entitiesSeenBy,
        entitiesBehind: async (_ids, _viewer, entities = entitiesSeenBy()) => {
          await entities.read([OWN, OTHER]);
          return NOBODY.behind;
        },
        entitiesInTags: async () => NOBODY.inTags,
        affected: async () => NOBODY,
      },
      mayRead: mayReadBy(permissions),
      permissionChecker: new PermissionChecker({ permissions }),
    },
  );
  const read = async (limit: number) =>
    (
      await reader.operations(
        { entityRef, limit },
        mockCredentials.user('user:default/daniel'),
      )
    ).map(({ id }) => id);
  return { read, limits, asked };
}

describe('the operations of an entity', () => {
  it('are found behind newer ones that the reader may not see', async () => {
    const { read } = readerOf(50, 3);
    expect(await read(2)).toEqual(['own-0', 'own-1']);
    expect(await read(20)).toEqual(['own-0', 'own-1', 'own-2']);
  });

  it('are read once where all may be seen, and where there are no more', async () => {
    const { read, limits } = readerOf(0, 30);
    expect(await read(20)).toHaveLength(20);
    expect(await read(100)).toHaveLength(30);
    expect(limits).toEqual([20, 100]);
  });

  it('are shown with entities that are asked for once', async () => {
    const { read, asked } = readerOf(0, 20);
    expect(await read(20)).toHaveLength(20);
    expect(asked).toEqual([2]);
  });

  it('are looked for in a bounded number of rows', async () => {
    const { read, limits } = readerOf(100_000, 1);
    expect(await read(20)).toEqual([]);
    expect(limits).toEqual([20, 80, 320, 1280]);
  });
});
