import type { RoleDefinition } from '@azure/arm-authorization';
import type { KeyUse } from 'backstage-plugin-acr-cmk-common';
import { roleDefinitionIdOf } from '../armIds';
import type { AzureClients } from '../client';
import { keyUsesOf, toPermissionSet } from '../permissions';

/** Cached part of a role definition. */
export interface Role {
  name: string;
  keyUses: KeyUse[];
}

/** Role definitions hardly change; a custom role that was edited is seen anew after an hour. */
const ROLE_KEPT_MS = 60 * 60 * 1000;
const MOST_ROLES = 1000;

/** The SDK puts a slash before every scope and id: ours have to come without. */
export const bare = (id: string) => id.replace(/^\/+/, '');

/** The GUID at the end of an id, in lower case. */
export const lastSegment = (id: string) =>
  id.slice(id.lastIndexOf('/') + 1).toLowerCase();

function toRole(definition: RoleDefinition): Role {
  return {
    name: definition.roleName ?? '',
    keyUses: keyUsesOf(
      (definition.permissions ?? []).map(toPermissionSet),
      false,
    ),
  };
}

/** Reads a role by the id of its definition. Used within a call. */
export type RoleReader = (definitionId: string | undefined) => Promise<Role>;

export function createRoles(clients: AzureClients): RoleReader {
  const { limits } = clients;
  const roles = new Map<string, { role: Role; readAt: number }>();
  return async text => {
    const definitionId = roleDefinitionIdOf(text);
    const key = definitionId.toLowerCase();
    const kept = roles.get(key);
    if (kept && limits.now() - kept.readAt < ROLE_KEPT_MS) return kept.role;
    const role = toRole(
      await clients
        .authorization('read')
        .roleDefinitions.getById(bare(definitionId)),
    );
    if (roles.size >= MOST_ROLES) roles.clear();
    roles.set(key, { role, readAt: limits.now() });
    return role;
  };
}
