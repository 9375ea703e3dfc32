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
  PermissionMissing,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { ACTIONS } from '../cmk/offers';
import { definitionOf, intents } from '../cmk/plan/intents';

/** A permission on an entity, or a basic permission. */
export type Authority =
  | {
      permission: ResourcePermission<'catalog-entity'>;
      entityRef: string;
    }
  | { permission: BasicPermission; entityRef?: undefined };

/** Permissions of a caller on one entity. */
export interface PermissionsOnEntity {
  /** Of `acr-cmk.registry.read`. */
  read: boolean;
  actions: Record<ActionId, { name: string; granted: boolean }>;
}

/** Authority that an intent needs. Creating a registry needs a permission without an entity. */
export function authorityFor(intent: Intent, entityRef: string): Authority {
  const definition = definitionOf(intent);
  return definition.registry === 'new'
    ? { permission: definition.permission }
    : { permission: definition.permission, entityRef };
}

interface PermissionCheckerDeps {
  permissions: PermissionsService;
}

/** Asks the portal's permission policy; a refusal names the permission. */
export class PermissionChecker {
  readonly #deps: PermissionCheckerDeps;

  constructor(deps: PermissionCheckerDeps) {
    this.#deps = deps;
  }

  /**
   * Whether the caller may see an entity's registries, and the permission that each action needs there and
   * whether the caller has it: one question to the policy.
   */
  async onEntity(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<PermissionsOnEntity> {
    const needed = ACTIONS.map(action => intents[action].permission);
    const asked = [...new Set([registryReadPermission, ...needed])];
    const decisions = await this.#deps.permissions.authorize(
      asked.map(permission => ({ permission, resourceRef: entityRef })),
      { credentials },
    );
    const granted = asked.filter(
      (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
    );
    return {
      read: granted.includes(registryReadPermission),
      actions: Object.fromEntries(
        ACTIONS.map((action, index) => [
          action,
          {
            name: needed[index].name,
            granted: granted.includes(needed[index]),
          },
        ]),
      ) as PermissionsOnEntity['actions'],
    };
  }

  /** Whether the caller has this permission. */
  async granted(
    { permission, entityRef }: Authority,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const [decision] = await this.#deps.permissions.authorize(
      [
        entityRef === undefined
          ? { permission }
          : { permission, resourceRef: entityRef },
      ],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }

  /** Authorities that the caller lacks, checked in one call. */
  async lackedOf<A extends Authority>(
    authorities: readonly A[],
    credentials: BackstageCredentials,
  ): Promise<A[]> {
    if (authorities.length === 0) return [];
    const decisions = await this.#deps.permissions.authorize(
      authorities.map(({ permission, entityRef }) =>
        entityRef === undefined
          ? { permission: permission as BasicPermission }
          : {
              permission: permission as ResourcePermission<'catalog-entity'>,
              resourceRef: entityRef,
            },
      ),
      { credentials },
    );
    return authorities.filter(
      (_, index) => decisions[index].result !== AuthorizeResult.ALLOW,
    );
  }

  /** @throws PermissionMissing */
  async require(
    authority: Authority,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.granted(authority, credentials))) {
      throw new PermissionMissing(
        authority.permission.name,
        authority.entityRef,
      );
    }
  }
}
