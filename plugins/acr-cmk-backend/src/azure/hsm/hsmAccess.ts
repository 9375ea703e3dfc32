/**
 * Role assignments of a Managed HSM's own. ARM neither has nor shows them, and assignments in ARM give
 * nothing in an HSM. This product writes their scopes below the ARM id of the HSM (`hsmScopeOf`).
 */
import type { RoleAssignmentFacts } from 'backstage-plugin-acr-cmk-common';
import { guidOf, type HsmScope, hsmScopeText, isAtOrAbove } from '../armIds';
import type { AzureClients } from '../client';
import { keyUsesOf, toPermissionSet } from '../permissions';
import type { CredentialName, PermissionSet } from '../ports';
import { lastSegment } from '../arm/roles';

const PROVIDER = 'providers/Microsoft.Authorization';
/** The prefix that an HSM gives to the ids of its role definitions. */
const DEFINITIONS = 'Microsoft.KeyVault/providers/Microsoft.Authorization';

/** Role definitions hardly change; a custom one that was edited is seen anew after an hour. */
const ROLES_KEPT_MS = 60 * 60 * 1000;

interface HsmRole {
  name: string;
  permissions: PermissionSet[];
}

/** An assignment as the HSM answers it. */
interface Assignment {
  id: string;
  name: string;
  principalId: string;
  roleDefinitionId: string;
  scope: string;
}

/** Role assignment to create. */
export interface NewHsmAssignment {
  name: string;
  principalId: string;
  roleDefinitionId: string;
}

/** All of it inside a call of `arm/access.ts`, which names what is tried and translates refusals. */
export interface HsmAccess {
  /** Assignments of a principal at a scope and above. Those of its groups are not shown. */
  assignmentsFor(
    principalId: string,
    at: HsmScope,
  ): Promise<RoleAssignmentFacts[]>;
  /** Permissions of a principal at a scope from its own assignments. */
  permissionsOf(
    principalId: string,
    at: HsmScope,
    credential: CredentialName,
  ): Promise<PermissionSet[]>;
  create(
    at: HsmScope,
    assignment: NewHsmAssignment,
    credential: CredentialName,
  ): Promise<void>;
  delete(at: HsmScope, name: string, credential: CredentialName): Promise<void>;
}

function toAssignment({ id, name, properties }: any): Assignment {
  const { principalId, roleDefinitionId, scope } = properties ?? {};
  if (![id, name, principalId, roleDefinitionId, scope].every(Boolean)) {
    throw new Error('The answer is not a role assignment');
  }
  return { id, name, principalId, roleDefinitionId, scope };
}

export function createHsmAccess(clients: AzureClients): HsmAccess {
  const known = new Map<
    string,
    { roles: Map<string, HsmRole>; readAt: number }
  >();

  /** The scope stands in the path as it is, with its slash, behind the one of the host. */
  const urlOf = (at: HsmScope, path: string) =>
    clients.hsmUrl(at.hsm, `/${at.scope}/${PROVIDER}/${path}`);

  async function readRoles(at: HsmScope, credential: CredentialName) {
    const definitions = await clients.list(
      credential,
      urlOf({ ...at, scope: '/' }, 'roleDefinitions'),
    );
    const roles = new Map<string, HsmRole>(
      definitions.map(({ name, properties }) => [
        String(name).toLowerCase(),
        {
          name: properties?.roleName ?? '',
          permissions: (properties?.permissions ?? []).map(toPermissionSet),
        },
      ]),
    );
    known.set(at.hsm, { roles, readAt: clients.limits.now() });
    return roles;
  }

  /**
   * The roles that assignments name, in their order.
   *
   * @throws when the HSM does not show one: what it gives is then unknown, and not nothing
   */
  async function rolesOf(
    assignments: readonly Assignment[],
    at: HsmScope,
    credential: CredentialName,
  ): Promise<HsmRole[]> {
    const kept = known.get(at.hsm);
    const isFresh =
      kept !== undefined && clients.limits.now() - kept.readAt < ROLES_KEPT_MS;
    const names = assignments.map(({ roleDefinitionId }) =>
      lastSegment(roleDefinitionId),
    );
    const roles =
      isFresh && names.every(name => kept.roles.has(name))
        ? kept.roles
        : await readRoles(at, credential);
    return names.map(name => {
      const role = roles.get(name);
      if (!role) {
        throw new Error(`The HSM does not show the role ${name}`);
      }
      return role;
    });
  }

  async function held(
    principalId: string,
    at: HsmScope,
    credential: CredentialName,
  ) {
    const principal = guidOf(principalId, 'the id of a principal');
    const items = await clients.list(
      credential,
      `${urlOf(at, 'roleAssignments')}&$filter=atScope()`,
    );
    return items
      .map(toAssignment)
      .filter(
        each =>
          each.principalId.toLowerCase() === principal &&
          isAtOrAbove(each.scope, at.scope),
      );
  }

  return {
    async assignmentsFor(principalId, at) {
      const assignments = await held(principalId, at, 'read');
      const roles = await rolesOf(assignments, at, 'read');
      return assignments.map((each, n) => {
        const { name: roleName, permissions } = roles[n];
        const scope = hsmScopeText(at.hsmId, each.scope);
        return {
          id: `${scope}/${PROVIDER}/roleAssignments/${each.name}`,
          name: each.name,
          scope,
          principalId: each.principalId,
          // An HSM does not show it; only principals themselves are asked about.
          principalType: 'ServicePrincipal',
          roleDefinitionId: each.roleDefinitionId,
          roleName,
          keyUses: keyUsesOf(permissions, true),
        };
      });
    },

    async permissionsOf(principalId, at, credential) {
      const assignments = await held(principalId, at, credential);
      const roles = await rolesOf(assignments, at, credential);
      return roles.flatMap(({ permissions }) => permissions);
    },

    async create(at, { name, principalId, roleDefinitionId }, credential) {
      const assignment = guidOf(name, 'the name of a role assignment');
      const role = guidOf(
        lastSegment(roleDefinitionId),
        'the id of a role definition',
      );
      await clients.send(credential, {
        method: 'PUT',
        url: urlOf(at, `roleAssignments/${assignment}`),
        body: {
          properties: {
            roleDefinitionId: `${DEFINITIONS}/roleDefinitions/${role}`,
            principalId: guidOf(principalId, 'the id of a principal'),
          },
        },
      });
    },

    async delete(at, name, credential) {
      const assignment = guidOf(name, 'the name of a role assignment');
      await clients.send(credential, {
        method: 'DELETE',
        url: urlOf(at, `roleAssignments/${assignment}`),
      });
    },
  };
}
