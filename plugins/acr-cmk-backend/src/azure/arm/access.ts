import type { RoleAssignment } from '@azure/arm-authorization';
import type { RoleAssignmentFacts } from 'backstage-plugin-acr-cmk-common';
import {
  guidOf,
  hsmScopeOf,
  isAtOrAbove,
  isHsmScope,
  refusedInput,
  roleDefinitionIdOf,
  roleAssignmentIdOf,
  scopeOf,
} from '../armIds';
import { AzureError } from '../AzureError';
import { read, write } from '../transport/call';
import type { AzureClients } from '../client';
import { createHsmAccess } from '../hsm/hsmAccess';
import { HSM_ACTION, toPermissionSet } from '../permissions';
import { allOf, withoutDuplicates } from '../transport/pipeline';
import type { AccessPort, CredentialName } from '../ports';
import { bare, lastSegment, type Role, type RoleReader } from './roles';

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';

/** Action and role that a call about role assignments needs, at ARM or at a Managed HSM. */
function needed(scope: string, verb: 'read' | 'write' | 'delete') {
  if (isHsmScope(scope)) {
    return {
      action: `${HSM_ACTION}roleAssignments/${verb}/action`,
      role:
        verb === 'read'
          ? 'Managed HSM Crypto Auditor'
          : 'Managed HSM Policy Administrator',
    };
  }
  return {
    action: `${ASSIGNMENTS}/${verb}`,
    role: verb === 'read' ? 'Reader' : 'Key Vault Data Access Administrator',
  };
}

/** The scope of an assignment's id, as far as it is one. */
const scopeOfAssignment = (id: string) =>
  id.slice(0, Math.max(0, id.toLowerCase().lastIndexOf('/providers/')));

export function toRoleAssignmentFacts(
  assignment: RoleAssignment,
  role: Role,
): RoleAssignmentFacts {
  return {
    id: assignment.id ?? '',
    name: assignment.name ?? '',
    scope: assignment.scope ?? '',
    principalId: assignment.principalId ?? '',
    principalType: assignment.principalType ?? '',
    roleDefinitionId: assignment.roleDefinitionId ?? '',
    roleName: role.name,
    keyUses: role.keyUses,
    ...(assignment.condition ? { condition: assignment.condition } : {}),
    ...(assignment.conditionVersion
      ? { conditionVersion: assignment.conditionVersion }
      : {}),
  };
}

/** The claim `oid` of a token. It is read, not trusted: it only says who we are ourselves. */
function objectIdIn(token: string): string | undefined {
  try {
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    return typeof claims.oid === 'string' ? claims.oid : undefined;
  } catch {
    return undefined;
  }
}

export function createAccess(
  clients: AzureClients,
  roleOf: RoleReader,
): AccessPort {
  const { limits } = clients;
  const hsmAccess = createHsmAccess(clients);

  async function objectIdOf(
    credential: CredentialName,
  ): Promise<string | undefined> {
    try {
      return objectIdIn(await clients.armToken(credential));
    } catch {
      // Without a token nothing else works either, and says so better.
      return undefined;
    }
  }

  return {
    assignmentsFor(principalId, scopeText) {
      return read(
        {
          doing: 'list the role assignments of an identity',
          scope: scopeText,
          ...needed(scopeText, 'read'),
          credential: 'read',
        },
        limits,
        async () => {
          const inHsm = hsmScopeOf(scopeText);
          if (inHsm) return hsmAccess.assignmentsFor(principalId, inHsm);
          const scope = scopeOf(scopeText);
          const principal = guidOf(principalId, 'the id of a principal');
          const { roleAssignments } = clients.authorization('read');
          const assignments = await allOf(
            roleAssignments.listForScope(bare(scope), {
              filter: `assignedTo('${principal}')`,
            }),
            each => each,
          );
          const found: RoleAssignmentFacts[] = [];
          for (const assignment of withoutDuplicates(
            assignments,
            each => each.id ?? '',
          )) {
            // The filter also answers assignments at scopes below, which say nothing of this one.
            if (isAtOrAbove(assignment.scope ?? '', scope)) {
              found.push(
                toRoleAssignmentFacts(
                  assignment,
                  await roleOf(assignment.roleDefinitionId),
                ),
              );
            }
          }
          return found;
        },
      );
    },

    permissionsOfCaller(scopeText, credential) {
      return read(
        {
          doing: 'ask what a credential may do',
          scope: scopeText,
          ...(isHsmScope(scopeText)
            ? needed(scopeText, 'read')
            : {
                action: 'Microsoft.Authorization/permissions/read',
                role: 'Reader',
              }),
          credential,
        },
        limits,
        async () => {
          const inHsm = hsmScopeOf(scopeText);
          if (inHsm) {
            const objectId = await objectIdOf(credential);
            if (!objectId) throw new Error('The token names no object id');
            return hsmAccess.permissionsOf(objectId, inHsm, credential);
          }
          const scope = scopeOf(scopeText);
          const sets = await clients.list(
            credential,
            clients.armUrl(
              `${scope}/providers/Microsoft.Authorization/permissions`,
              '2022-04-01',
            ),
          );
          return sets.map(toPermissionSet);
        },
      );
    },

    objectIdOf,

    async createAssignment(assignment, credential) {
      const { receipt } = await write(
        {
          doing: 'assign a role',
          scope: assignment.scope,
          ...needed(assignment.scope, 'write'),
          credential,
        },
        limits,
        async () => {
          const inHsm = hsmScopeOf(assignment.scope);
          if (inHsm) {
            await hsmAccess.create(inHsm, assignment, credential);
            return;
          }
          const scope = scopeOf(assignment.scope);
          await clients
            .authorization(credential)
            .roleAssignments.create(
              bare(scope),
              guidOf(assignment.name, 'the name of a role assignment'),
              {
                roleDefinitionId: roleDefinitionIdOf(
                  assignment.roleDefinitionId,
                ),
                principalId: guidOf(
                  assignment.principalId,
                  'the id of a principal',
                ),
                principalType: assignment.principalType,
                ...(assignment.condition
                  ? {
                      condition: assignment.condition,
                      conditionVersion: assignment.conditionVersion,
                    }
                  : {}),
              },
            );
        },
      );
      return receipt;
    },

    async deleteAssignment(assignmentId, credential) {
      try {
        const { receipt } = await write(
          {
            doing: 'delete a role assignment',
            scope: assignmentId,
            ...needed(scopeOfAssignment(assignmentId), 'delete'),
            credential,
          },
          limits,
          async () => {
            const inHsm = hsmScopeOf(scopeOfAssignment(assignmentId));
            if (inHsm) {
              await hsmAccess.delete(
                inHsm,
                lastSegment(assignmentId),
                credential,
              );
              return;
            }
            const { scope, name } = roleAssignmentIdOf(assignmentId);
            if (scope === '/') {
              throw refusedInput(
                'Role assignments at the root are not affected',
              );
            }
            await clients
              .authorization(credential)
              .roleAssignments.delete(bare(scope), name);
          },
        );
        return receipt;
      } catch (error) {
        // Azure answers 204 when it is gone already; a 404 with this code says the same.
        if (
          error instanceof AzureError &&
          error.code === 'RoleAssignmentNotFound'
        ) {
          return error.correlationId
            ? { correlationId: error.correlationId }
            : {};
        }
        throw error;
      }
    },
  };
}
