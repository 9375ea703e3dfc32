import {
  guidOf,
  hsmScopeOf,
  hsmScopeText,
  identityIdOf,
  identityIdText,
  isAtOrAbove,
  isHsmScope,
  roleAssignmentIdOf,
  roleDefinitionIdOf,
  scopeOf,
  subscriptionIdOf,
  vaultIdOf,
  vaultIdText,
} from './armIds';

const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop`;
const GUID = '22222222-2222-4222-8222-222222222222';

const REFUSED = expect.objectContaining({
  name: 'AzureError',
  kind: 'refused',
  code: 'InvalidInput',
  effect: 'refused',
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('a scope of a Managed HSM', () => {
  const HSM = VAULT.replace('vaults', 'managedHSMs');

  it.each([
    ['', '/'],
    ['/keys', '/keys'],
    ['/keys/shop', '/keys/shop'],
  ])('below its id by %s is %s of its own', (below, scope) => {
    const loud = `${HSM.toLowerCase()}${below}`;
    expect(hsmScopeOf(loud)).toMatchObject({
      hsm: 'kv-shop.managedhsm',
      scope,
    });
    expect(hsmScopeText(HSM, scope)).toBe(`${HSM}${below}`);
    expect(isHsmScope(loud)).toBe(true);
  });

  it('is nothing of a vault, and refused with a name that no key has', () => {
    expect(hsmScopeOf(`${VAULT}/keys/shop`)).toBeUndefined();
    expect(thrownBy(() => hsmScopeOf(`${HSM}/keys/a_b`))).toEqual(REFUSED);
    expect(vaultIdText(vaultIdOf(HSM))).toBe(HSM);
  });
});

describe('the id of a vault', () => {
  it('is rebuilt in Azure’s own spelling, whatever case it came in', () => {
    const loud = VAULT.replace('resourceGroups', 'RESOURCEGROUPS').replace(
      'Microsoft.KeyVault',
      'microsoft.keyvault',
    );
    expect(vaultIdText(vaultIdOf(loud))).toBe(VAULT);
  });

  it.each<[why: string, id: unknown]>([
    ['empty', ''],
    ['not a text', 7],
    ['nothing', undefined],
    ['a name only', 'kv-shop'],
    ['no subscription', VAULT.replace(SUBSCRIPTION, 'prod')],
    ['another provider', VAULT.replace('KeyVault', 'Storage')],
    ['another type', VAULT.replace('vaults', 'managedHSMs2')],
    ['a key of an HSM', `${VAULT.replace('vaults', 'managedHSMs')}/keys/k`],
    ['a child of it', `${VAULT}/keys/k`],
    ['a slash at the end', `${VAULT}/`],
    ['a query', `${VAULT}?x=1`],
    ['a fragment', `${VAULT}#x`],
    ['a whole URL', `https://management.azure.com${VAULT}`],
    ['traversal', VAULT.replace('rg-shop', '..')],
    ['encoded traversal', VAULT.replace('rg-shop', '%2e%2e')],
    ['an encoded slash', VAULT.replace('rg-shop', 'rg%2fshop')],
    ['a line break', `${VAULT}\n`],
    ['a letter that looks like another', VAULT.replace('kv-shop', 'kv-shоp')],
    ['huge', VAULT + 'x'.repeat(5000)],
    ['a name that no vault has', VAULT.replace('kv-shop', 'k_v')],
  ])('is refused: %s', (_why, id) => {
    expect(thrownBy(() => vaultIdOf(id))).toEqual(REFUSED);
  });
});

it('the id of an identity is the same for both spellings that Azure uses', () => {
  expect(
    identityIdText(
      identityIdOf(IDENTITY.replace('resourceGroups', 'resourcegroups')),
    ),
  ).toBe(IDENTITY);
});

describe('a scope', () => {
  it.each([
    ['the root', '/'],
    [
      'a management group',
      '/providers/Microsoft.Management/managementGroups/corp',
    ],
    ['a subscription', `/subscriptions/${SUBSCRIPTION}`],
    ['a resource group', GROUP],
    ['a vault', VAULT],
    ['a key', `${VAULT}/keys/orders`],
  ])('may be %s', (_why, scope) => {
    expect(scopeOf(scope)).toBe(scope);
  });

  it.each([
    ['no slash in front', VAULT.slice(1)],
    ['half a resource', `${VAULT}/keys`],
    ['two slashes', `/${VAULT}`],
    ['traversal', `${VAULT}/../kv-other`],
    ['a subscription without its id', '/subscriptions/all'],
    ['another thing below the root', '/providers/Microsoft.Other/things/x'],
  ])('is refused: %s', (_why, scope) => {
    expect(thrownBy(() => scopeOf(scope))).toEqual(REFUSED);
  });

  it.each<[why: string, scope: string, of: string, verdict: boolean]>([
    ['itself', VAULT, VAULT, true],
    ['itself in another case', VAULT.toUpperCase(), VAULT, true],
    ['its group', GROUP, VAULT, true],
    ['a group whose name begins alike', GROUP.slice(0, -1), VAULT, false],
    ['a key below it', `${VAULT}/keys/k`, VAULT, false],
    ['the root', '/', VAULT, true],
    [
      'a management group',
      '/providers/Microsoft.Management/managementGroups/corp',
      VAULT,
      true,
    ],
  ])('is at or above another: %s', (_why, scope, of, verdict) => {
    expect(isAtOrAbove(scope, of)).toBe(verdict);
  });
});

describe('ids of roles', () => {
  it('an assignment’s is taken apart into scope and name', () => {
    expect(
      roleAssignmentIdOf(
        `${VAULT}/providers/Microsoft.Authorization/roleAssignments/${GUID}`,
      ),
    ).toEqual({ scope: VAULT, name: GUID });
  });

  it.each([
    [
      'of another type',
      `${VAULT}/providers/Microsoft.Authorization/locks/${GUID}`,
    ],
    [
      'not named by a GUID',
      `${VAULT}/providers/Microsoft.Authorization/roleAssignments/x`,
    ],
    [
      'at no scope',
      `x/providers/Microsoft.Authorization/roleAssignments/${GUID}`,
    ],
  ])('an assignment’s is refused: %s', (_why, id) => {
    expect(thrownBy(() => roleAssignmentIdOf(id))).toEqual(REFUSED);
  });

  it.each([
    ['below the root', ''],
    ['below a subscription', `/subscriptions/${SUBSCRIPTION}`],
    [
      'below a management group',
      '/providers/Microsoft.Management/managementGroups/corp',
    ],
  ])('a definition may stand %s', (_why, at) => {
    const id = `${at}/providers/Microsoft.Authorization/roleDefinitions/${GUID}`;
    expect(roleDefinitionIdOf(id)).toBe(id);
  });
});

it('GUIDs are lower-cased, and anything else is refused', () => {
  expect(subscriptionIdOf(SUBSCRIPTION.toUpperCase())).toBe(SUBSCRIPTION);
  expect(thrownBy(() => subscriptionIdOf(`${SUBSCRIPTION}/x`))).toEqual(
    REFUSED,
  );
  expect(
    thrownBy(() => guidOf("x') or principalId ne ('", 'the id of a principal')),
  ).toEqual(REFUSED);
});
