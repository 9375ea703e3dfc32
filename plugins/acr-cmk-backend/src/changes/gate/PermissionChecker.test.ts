import { mockCredentials } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
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

it.each([
  [
    'did not start',
    Object.assign(new Error('Request failed with 503'), { statusCode: 503 }),
  ],
  [
    'is not there',
    Object.assign(new Error('Request failed with 404'), { statusCode: 404 }),
  ],
  ['cannot be reached', new TypeError('fetch failed')],
  // node-fetch, which the client of permissions uses.
  [
    'refuses connections',
    new Error(
      'request to http://localhost:7007/api/permission/authorize failed, reason: connect ECONNREFUSED',
    ),
  ],
])(
  'says what to do about a permission backend that %s',
  async (_why, error) => {
    const checker = new PermissionChecker({
      permissions: { authorize: jest.fn().mockRejectedValue(error) },
    });
    const asked = checker.granted(authorities[0], mockCredentials.user());
    await expect(asked).rejects.toThrow(ServiceUnavailableError);
    await expect(asked).rejects.toThrow(
      /^The permission backend of this portal does not answer \(.* failed.*\), so nobody .* Check that the backend has @backstage\/plugin-permission-backend and a module with a policy/,
    );
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
  authorize.mockReset().mockRejectedValue(failure(500));
  await expect(lacked()).rejects.toThrow(/^Request failed with 500$/);
  expect(authorize).toHaveBeenCalledTimes(1);
});
