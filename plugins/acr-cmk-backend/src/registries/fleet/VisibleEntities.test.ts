import { mockCredentials } from '@backstage/backend-test-utils';
import { parseEntityRef } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { VisibleEntities } from './VisibleEntities';

const CREDENTIALS = mockCredentials.user('user:default/priya');

describe('VisibleEntities', () => {
  const read: string[] = [];
  const entities = new VisibleEntities({
    catalog: {
      getEntitiesByRefs: async ({ entityRefs }, options) => {
        expect(options).toEqual({ credentials: CREDENTIALS });
        read.push(...entityRefs);
        return {
          items: entityRefs.map(ref => {
            const { kind, ...metadata } = parseEntityRef(ref);
            return ref.includes('hidden')
              ? undefined
              : { apiVersion: 'v1', kind, metadata };
          }),
        };
      },
    },
    permissions: {
      authorize: async (requests, options) => {
        expect(options).toEqual({ credentials: CREDENTIALS });
        return requests.map(({ permission, resourceRef = '' }) => {
          expect(permission.name).toBe('catalog.entity.read');
          return {
            result: resourceRef.includes('hidden')
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
          };
        });
      },
    },
  });
  const among = async (...refs: string[]) => [
    ...(await entities.among(refs, CREDENTIALS)),
  ];
  beforeEach(() => read.splice(0));

  it('are the groups and users that the policy lets the caller read, however many', async () => {
    const teams = Array.from({ length: 90 }, (_, n) => `group:default/t${n}`);
    expect(
      await among(
        ...teams,
        'Group:default/T0',
        'group:default/hidden',
        'user:default/olivia',
        'user:default/hidden',
      ),
    ).toEqual([...teams, 'user:default/olivia']);
    // The catalog would parse the relation to each entity that they own.
    expect(read).toEqual([]);
  });

  it('are the other entities that the catalog shows to the caller', async () => {
    expect(
      await among(
        'Component:default/Amber',
        'resource:default/hidden',
        'group:default/hidden',
      ),
    ).toEqual(['component:default/amber']);
    expect(read).toEqual([
      'component:default/amber',
      'resource:default/hidden',
    ]);
  });
});
