import type { RoleAssignment } from '@azure/arm-authorization';
import type { RoleAssignmentFacts } from 'backstage-plugin-acr-cmk-common';
import {
  guidOf,
  isAtOrAbove,
  refusedInput,
  roleDefinitionIdOf,
  roleAssignmentIdOf,
  scopeOf,
} from './armIds';
import { AzureError } from './AzureError';
import { read, write } from './call';
import type { AzureClients } from './clients';
import { toPermissionSet } from './permissions';
import { listRaw, withoutDuplicates } from './pipeline';
import type { AccessPort } from './ports';
import { bare, type Role, type RoleReader } from './roles';

const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';

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
    wrapsKeys: role.wrapsKeys,
    ...(assignment.condition ? { condition: assignment.condition } : {}),
    ...(assignment.conditionVersion
      ? { conditionVersion: assignment.conditionVersion }
      : {}),
  };
}

/** The claim `oid` of a token. It is read, not trusted: it only says who we are ourselves. */
export function objectIdIn(token: string): string | undefined {
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
  return {
    assignmentsFor(principalId, scopeText) {
      return read(
        {
          doing: 'list the role assignments of an identity',
          scope: scopeText,
          action: `${ASSIGNMENTS}/read`,
          role: 'Reader',
          credential: 'read',
        },
        limits,
        async () => {
          const scope = scopeOf(scopeText);
          const principal = guidOf(principalId, 'the id of a principal');
          const assignments: RoleAssignment[] = [];
          for await (const assignment of clients
            .authorization('read')
            .roleAssignments.listForScope(bare(scope), {
              filter: `assignedTo('${principal}')`,
            })) {
            assignments.push(assignment);
          }
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
          action: 'Microsoft.Authorization/permissions/read',
          role: 'Reader',
          credential,
        },
        limits,
        async () => {
          const scope = scopeOf(scopeText);
          const sets = await listRaw(
            clients.arm(credential),
            clients.armUrl(
              `${scope}/providers/Microsoft.Authorization/permissions`,
              '2022-04-01',
            ),
          );
          return sets.map(toPermissionSet);
        },
      );
    },

    async objectIdOf(credential) {
      try {
        return objectIdIn(await clients.armToken(credential));
      } catch {
        // Without a token nothing else works either, and says so better.
        return undefined;
      }
    },

    async createAssignment(assignment, credential) {
      const { receipt } = await write(
        {
          doing: 'assign a role',
          scope: assignment.scope,
          action: `${ASSIGNMENTS}/write`,
          role: 'Key Vault Data Access Administrator',
          credential,
        },
        limits,
        async () => {
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
            action: `${ASSIGNMENTS}/delete`,
            role: 'Key Vault Data Access Administrator',
            credential,
          },
          limits,
          async () => {
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
