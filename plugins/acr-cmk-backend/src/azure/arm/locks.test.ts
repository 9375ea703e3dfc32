import { lockScopes, toLockFacts } from './locks';

const SUBSCRIPTION = '/subscriptions/11111111-1111-4111-8111-111111111111';
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop`;

it.each([
  [VAULT, [SUBSCRIPTION, GROUP, VAULT]],
  [GROUP, [SUBSCRIPTION, GROUP]],
  [SUBSCRIPTION, [SUBSCRIPTION]],
])('locks that hold at %s stand at %j', (scope, scopes) => {
  expect(lockScopes(scope)).toEqual(scopes);
});

it('a lock stands where its id says', () => {
  expect(
    toLockFacts({
      id: `${GROUP}/providers/Microsoft.Authorization/locks/keep`,
      name: 'keep',
      properties: { level: 'CanNotDelete', notes: 'ask ops' },
    }),
  ).toEqual({
    id: `${GROUP}/providers/Microsoft.Authorization/locks/keep`,
    name: 'keep',
    level: 'CanNotDelete',
    scope: GROUP,
    notes: 'ask ops',
  });
});

it('a level that is new to us counts as the stricter one', () => {
  expect(
    toLockFacts({
      id: `${GROUP}/providers/Microsoft.Authorization/locks/keep`,
      properties: { level: 'Frozen' },
    }).level,
  ).toBe('ReadOnly');
});
