import { mockCredentials } from '@backstage/backend-test-utils';
import {
  type AuthorizePermissionRequest,
  AuthorizeResult,
} from '@backstage/plugin-permission-common';
import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { PermissionChecker } from './PermissionChecker';

/** Largest body that Backstage takes, bytes. */
const BODY = 100 * 1024;
/** Conditions of a person who is in sixty groups. */
const CONDITIONS = JSON.stringify({
  rule: 'IS_ENTITY_OWNER',
  params: {
    claims: Array.from({ length: 60 }, (_, n) => `group:default/team-${n}`),
  },
});
const authorities = Array.from({ length: 1_000 }, (_, n) => ({
  permission: registryReadPermission,
  entityRef: `resource:default/registry-${n}`,
}));

it('decides about more entities than fit into one request', async () => {
  const asked: number[] = [];
  const checker = new PermissionChecker({
    permissions: {
      authorize: async (requests: AuthorizePermissionRequest[]) => {
        asked.push(requests.length);
        const handedOn = requests.map(one => JSON.stringify(one) + CONDITIONS);
        if (handedOn.join().length > BODY) throw new Error('413');
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
  expect(asked.length).toBeLessThanOrEqual(25);
  expect(await checker.lackedOf([], mockCredentials.user())).toEqual([]);
  expect(asked).not.toContain(0);
});
