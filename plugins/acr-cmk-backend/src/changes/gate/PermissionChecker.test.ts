import { mockCredentials } from '@backstage/backend-test-utils';
import {
  type AuthorizePermissionRequest,
  AuthorizeResult,
} from '@backstage/plugin-permission-common';
import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { PermissionChecker } from './PermissionChecker';

/** Largest body that Backstage takes, bytes. */
const BODY = 100 * 1024;
/** Conditions of a person who is in so many groups. */
const conditions = (groups: number) =>
  JSON.stringify({
    rule: 'IS_ENTITY_OWNER',
    params: {
      claims: Array.from(
        { length: groups },
        (_, n) => `group:default/team-${n}`,
      ),
    },
  });
const authorities = Array.from({ length: 1_000 }, (_, n) => ({
  permission: registryReadPermission,
  entityRef: `resource:default/registry-${n}`,
}));

it.each([
  { groups: 60, requests: 25 },
  // Each question is so large that ten fit into a request.
  { groups: 400, requests: 102 },
])(
  'decides about more entities than fit into one request, for a person in $groups groups',
  async ({ groups, requests: most }) => {
    const asked: number[] = [];
    const of = conditions(groups);
    const checker = new PermissionChecker({
      permissions: {
        authorize: async (requests: AuthorizePermissionRequest[]) => {
          asked.push(requests.length);
          const handedOn = requests.map(one => JSON.stringify(one) + of);
          if (handedOn.join().length > BODY) {
            throw Object.assign(new Error('Request failed with 413'), {
              statusCode: 413,
            });
          }
          return requests.map(one => ({
            result: String(
              (one as { resourceRef?: string }).resourceRef,
            ).endsWith('7')
              ? AuthorizeResult.DENY
              : AuthorizeResult.ALLOW,
          })) as never;
        },
      },
    });
    const lacked = await checker.lackedOf(authorities, mockCredentials.user());
    expect(lacked).toEqual(
      authorities.filter(({ entityRef }) => entityRef.endsWith('7')),
    );
    expect(asked.length).toBeLessThanOrEqual(most);
    expect(await checker.lackedOf([], mockCredentials.user())).toEqual([]);
    expect(asked).not.toContain(0);
  },
);

it('fails where a single question is refused as too large, or another error is met', async () => {
  const authorize = jest.fn();
  const checker = new PermissionChecker({ permissions: { authorize } });
  const failure = (statusCode: number) =>
    Object.assign(new Error(`Request failed with ${statusCode}`), {
      statusCode,
    });
  const lacked = () =>
    checker.lackedOf(authorities.slice(0, 2), mockCredentials.user());
  authorize.mockRejectedValue(failure(413));
  await expect(lacked()).rejects.toThrow('Request failed with 413');
  expect(authorize).toHaveBeenCalledTimes(2);
  authorize.mockReset().mockRejectedValue(failure(503));
  await expect(lacked()).rejects.toThrow('Request failed with 503');
  expect(authorize).toHaveBeenCalledTimes(1);
});
