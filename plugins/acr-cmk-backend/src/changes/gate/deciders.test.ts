import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  type DecisionRequest,
  refusalsToDecide,
  refusalToDecide,
} from './deciders';
import { PermissionChecker } from './PermissionChecker';

const OWN = 'resource:default/shared-base';
const THEIRS = 'resource:default/shared-tools';

/** A revoke for an hour, asked for by olivia, which the owners of another entity agreed to. */
const operation: DecisionRequest['operation'] = {
  entityRef: OWN,
  requestedBy: 'user:default/olivia',
  intent: { kind: 'revoke', restoreAfterMinutes: 60 },
  authorities: [
    { permission: 'acr-cmk.key.revoke', entityRef: OWN },
    { permission: 'acr-cmk.key.revoke', entityRef: THEIRS },
  ],
  approval: {
    state: 'approved',
    needs: [
      {
        permission: 'acr-cmk.key.revoke',
        entityRef: THEIRS,
        because: 'the registry sharedtools loses its key',
        by: 'user:default/daniel',
        at: 0,
      },
    ],
  },
};

const decideAbout = (
  about: DecisionRequest['operation'],
  {
    action,
    name,
    may,
    seen = new Set([OWN, THEIRS]),
  }: {
    action: DecisionRequest['action'];
    name: string;
    seen?: ReadonlySet<string>;
    may(permission: string, entityRef?: string): boolean;
  },
) => {
  const permissions = mockServices.permissions.mock();
  permissions.authorize.mockImplementation(async requests =>
    requests.map(request => ({
      result: may(
        request.permission.name,
        'resourceRef' in request ? String(request.resourceRef) : undefined,
      )
        ? AuthorizeResult.ALLOW
        : AuthorizeResult.DENY,
    })),
  );
  return refusalToDecide(
    {
      action,
      operation: about,
      credentials: mockCredentials.user(`user:default/${name}`),
      seen,
    },
    new PermissionChecker({ permissions }),
  );
};

const decide = (
  action: DecisionRequest['action'],
  name: string,
  may: (permission: string, entityRef?: string) => boolean,
) => decideAbout(operation, { action, name, may });

describe('making a revoke permanent that others agreed to for a time', () => {
  it('is not for those who may revoke only their own share of the key', async () => {
    const refusal = await decide(
      'confirm',
      'oscar',
      (_permission, entityRef) => entityRef === OWN,
    );
    expect(refusal?.message).toContain(
      `You need the permission acr-cmk.key.revoke on ${THEIRS} too, because the revoke was agreed to only until it is restored automatically`,
    );
  });

  it('is not for them either when the requester had every permission, so that nobody else agreed', async () => {
    const refusal = await decideAbout(
      { ...operation, requestedBy: 'user:default/priya', approval: undefined },
      {
        action: 'confirm',
        name: 'oscar',
        may: (_permission, entityRef) => entityRef === OWN,
      },
    );
    expect(refusal?.message).toContain(
      `You need the permission acr-cmk.key.revoke on ${THEIRS} too`,
    );
  });

  it('is for somebody else who may revoke all that it takes away', async () => {
    expect(await decide('confirm', 'priya', () => true)).toBeUndefined();
    expect((await decide('confirm', 'olivia', () => true))?.message).toContain(
      'another person has to make it permanent',
    );
  });
});

it('asks the policy for each authority once, whatever number of decisions it is about', async () => {
  const needs = Array.from({ length: 400 }, (_, n) => ({
    permission: 'acr-cmk.key.rotate',
    entityRef: `resource:default/images-${n}`,
    because: `the registry images${n} uses this key`,
  }));
  const asked: string[] = [];
  const permissions = mockServices.permissions.mock();
  permissions.authorize.mockImplementation(async requests =>
    requests.map(request => {
      asked.push(JSON.stringify(request));
      const isApproval = request.permission.name.endsWith('approve');
      return {
        result: isApproval ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
      };
    }),
  );
  const refusals = await refusalsToDecide(
    ['approve', 'reject', 'cancel'],
    {
      operation: {
        ...operation,
        intent: { kind: 'rotate' },
        approval: { state: 'pending', needs },
      },
      credentials: mockCredentials.user('user:default/daniel'),
    },
    new PermissionChecker({ permissions }),
  );
  expect(refusals.map(refusal => refusal?.message.slice(0, 42))).toEqual([
    'You need the permission acr-cmk.key.rotate',
    undefined,
    'You need the permission acr-cmk.key.rotate',
  ]);
  // The needs, the permission to approve, and the one to rotate the key of the operation.
  expect(asked).toHaveLength(402);
  expect(new Set(asked).size).toBe(402);
});

it('names nobody by assumption to those who may not see the entity', async () => {
  const [need] = operation.approval!.needs;
  const refusal = await decideAbout(
    {
      ...operation,
      approval: { state: 'pending', needs: [{ ...need, by: undefined }] },
    },
    { action: 'approve', name: 'vera', may: () => false, seen: new Set() },
  );
  expect(refusal?.message).toBe(
    'You need the permission acr-cmk.key.revoke on an entity that you may not see. Ask somebody who has it',
  );
});
