import crypto from 'node:crypto';
import { type Answer, expectSuccess } from './Azure';
import { type Purpose, VAULT_OF } from './names';
import type { Lab } from './probe';

/** Built-in roles. */
export const CRYPTO_OFFICER = '14b46e9e-c2b7-41b4-b07b-48a6ebf60603';
const ENCRYPTION_USER = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
const WRAP = ['get', 'wrapKey', 'unwrapKey'];

/** A role assignment of the check: its name follows from what it is, so that it is found again. */
export interface Assignment {
  scope: string;
  role: string;
  principalId: string;
}

function nameOf({ scope, role, principalId }: Assignment): string {
  const digest = crypto
    .createHash('sha256')
    .update([scope, role, principalId].join(' ').toLowerCase())
    .digest('hex');
  return [8, 4, 4, 4, 12]
    .reduce<{ parts: string[]; at: number }>(
      ({ parts, at }, length) => ({
        parts: [...parts, digest.slice(at, at + length)],
        at: at + length,
      }),
      { parts: [], at: 0 },
    )
    .parts.join('-');
}

const pathOf = (assignment: Assignment) =>
  `${
    assignment.scope
  }/providers/Microsoft.Authorization/roleAssignments/${nameOf(assignment)}`;

export async function assign(
  { azure, names }: Lab,
  assignment: Assignment,
): Promise<Answer> {
  const path = pathOf(assignment);
  const present = await azure.arm('GET', path);
  if (present.status === 200) return present;
  const answer = await azure.arm('PUT', path, {
    body: {
      properties: {
        roleDefinitionId: `${names.subscriptionPath}/providers/Microsoft.Authorization/roleDefinitions/${assignment.role}`,
        principalId: assignment.principalId,
      },
    },
  });
  // The same assignment under another name is as good.
  if (answer.status === 409) return answer;
  return expectSuccess('assign a role', answer);
}

export async function unassign({ azure }: Lab, assignment: Assignment) {
  const answer = await azure.arm('DELETE', pathOf(assignment));
  return expectSuccess('remove a role assignment', answer);
}

/** The keys' rights of a principal in the vault with access policies. */
export async function changePolicy(
  { azure, names, caller }: Lab,
  how: 'add' | 'remove',
  { objectId, keys = WRAP }: { objectId: string; keys?: string[] },
): Promise<Answer> {
  const answer = await azure.arm(
    'PUT',
    `${names.vaultId('policies')}/accessPolicies/${how}`,
    {
      body: {
        properties: {
          accessPolicies: [
            { tenantId: caller.tenantId, objectId, permissions: { keys } },
          ],
        },
      },
    },
  );
  return expectSuccess(`${how} an access policy`, answer);
}

/** The identity of one of the check's registries. */
export async function identityOf({ azure, names }: Lab, purpose: Purpose) {
  const { json } = expectSuccess(
    'read an identity',
    await azure.arm('GET', names.identityId(purpose)),
  );
  return {
    principalId: String(json.properties.principalId),
    clientId: String(json.properties.clientId),
  };
}

const roleOf = (
  { names }: Lab,
  purpose: Purpose,
  principalId: string,
): Assignment => ({
  scope: `${names.vaultId('roles')}/keys/${names.key(purpose)}`,
  role: ENCRYPTION_USER,
  principalId,
});

/** Lets a registry's identity use its key, or not. */
export async function grant(lab: Lab, purpose: Purpose): Promise<Answer> {
  const { principalId } = await identityOf(lab, purpose);
  return VAULT_OF[purpose] === 'roles'
    ? assign(lab, roleOf(lab, purpose, principalId))
    : changePolicy(lab, 'add', { objectId: principalId });
}

export async function withdraw(lab: Lab, purpose: Purpose): Promise<Answer> {
  const { principalId } = await identityOf(lab, purpose);
  return VAULT_OF[purpose] === 'roles'
    ? unassign(lab, roleOf(lab, purpose, principalId))
    : changePolicy(lab, 'remove', { objectId: principalId });
}
