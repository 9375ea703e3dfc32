import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import {
  fleetReadPermission,
  PermissionMissing,
} from 'backstage-plugin-acr-cmk-common';
import type { Context } from '../../platform/context';
import type { FleetCriteria } from './conditions';
import { registryPermissionResourceRef } from './rules';

/** Registries of the fleet that a user may see. */
export type VisibleScope =
  | { of: 'everything' }
  | { of: 'some'; criteria: FleetCriteria };

/** The caller, and what they may see of the fleet. */
export interface FleetViewer {
  visibleScope: VisibleScope;
  credentials: BackstageCredentials;
}

/** Gets the visible scope of a user from the portal's policy. */
export function createVisibleScopes({
  permissions,
  permissionsRegistry,
}: Pick<Context, 'permissions' | 'permissionsRegistry'>) {
  // Rules of this plugin and of modules.
  const toCriteria = createConditionTransformer(
    permissionsRegistry.getPermissionRuleset(registryPermissionResourceRef),
  );
  /** @throws PermissionMissing when the user may see no registry */
  return async (credentials: BackstageCredentials): Promise<VisibleScope> => {
    const [decision] = await permissions.authorizeConditional(
      [{ permission: fleetReadPermission }],
      { credentials },
    );
    switch (decision.result) {
      case AuthorizeResult.ALLOW:
        return { of: 'everything' };
      case AuthorizeResult.CONDITIONAL:
        return { of: 'some', criteria: toCriteria(decision.conditions) };
      default:
        throw new PermissionMissing(fleetReadPermission.name);
    }
  };
}
