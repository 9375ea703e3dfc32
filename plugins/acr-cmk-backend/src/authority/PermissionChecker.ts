import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  type ActionId,
  type Intent,
  keyRestorePermission,
  keyRevokePermission,
  keyRotatePermission,
  PermissionMissing,
  registryCreatePermission,
} from 'backstage-plugin-acr-cmk-common';
import { ACTIONS } from '../cmk/offers';

const PERMISSION_OF: Record<ActionId, ResourcePermission<'catalog-entity'>> = {
  rotate: keyRotatePermission,
  revoke: keyRevokePermission,
  restore: keyRestorePermission,
  retire: keyRevokePermission,
};

/** The permission that an intent needs on the entity; a creation needs one without an entity. */
export function permissionOf(
  intent: Intent,
): BasicPermission | ResourcePermission<'catalog-entity'> {
  return intent.kind === 'create-registry'
    ? registryCreatePermission
    : PERMISSION_OF[intent.kind];
}

/** Asks the portal's policy, and says no with the name of the permission. */
export class PermissionChecker {
  readonly #permissions: PermissionsService;

  constructor(options: { permissions: PermissionsService }) {
    this.#permissions = options.permissions;
  }

  /** What each action needs on an entity, and whether the caller has it. */
  async ofActions(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<Record<ActionId, { name: string; granted: boolean }>> {
    const decisions = await this.#permissions.authorize(
      ACTIONS.map(action => ({
        permission: PERMISSION_OF[action],
        resourceRef: entityRef,
      })),
      { credentials },
    );
    return Object.fromEntries(
      ACTIONS.map((action, index) => [
        action,
        {
          name: PERMISSION_OF[action].name,
          granted: decisions[index].result === AuthorizeResult.ALLOW,
        },
      ]),
    ) as Record<ActionId, { name: string; granted: boolean }>;
  }

  /** May the caller do this with the entity? */
  async granted(
    permission: BasicPermission | ResourcePermission<'catalog-entity'>,
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize(
      [
        permission.type === 'basic'
          ? { permission }
          : { permission, resourceRef: entityRef },
      ],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }

  /** @throws PermissionMissing */
  async require(
    permission: BasicPermission | ResourcePermission<'catalog-entity'>,
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.granted(permission, entityRef, credentials))) {
      throw new PermissionMissing(permission.name, entityRef);
    }
  }

  /** @throws PermissionMissing */
  async requireBasic(
    permission: BasicPermission,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision.result !== AuthorizeResult.ALLOW) {
      throw new PermissionMissing(permission.name);
    }
  }
}
