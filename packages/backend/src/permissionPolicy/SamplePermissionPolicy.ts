import { UserInfoService } from '@backstage/backend-plugin-api';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import { RESOURCE_TYPE_SCAFFOLDER_TASK } from '@backstage/plugin-scaffolder-common/alpha';
import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  acrCmkUsePermission,
  auditReadPermission,
  campaignCreatePermission,
  doctorReadPermission,
  inventoryReadPermission,
  inventorySyncPermission,
  fleetReadPermission,
  keyGrantPermission,
  keyRestorePermission,
  keyRevokePermission,
  keyRotatePermission,
  operationApprovePermission,
  registryCreatePermission,
  registryReadPermission,
  RESOURCE_TYPE_ACR_CMK_REGISTRY,
  unboundChangePermission,
} from 'backstage-plugin-acr-cmk-common';
import {
  createRegistryConditionalDecision,
  registryConditions,
} from 'backstage-plugin-acr-cmk-backend';

/** The group that is responsible for the keys of all teams. */
const PLATFORM_TEAM = 'group:default/platform-team';

/** The group that sees everything and changes nothing. The demo has none. */
const AUDITORS = 'group:default/auditors';

const namesOf = (...permissions: Permission[]): ReadonlySet<string> =>
  new Set(permissions.map(({ name }) => name));

/** Permissions of the platform team, on every entity. */
const PLATFORM_TEAM_MAY = namesOf(
  acrCmkUsePermission,
  registryReadPermission,
  keyRotatePermission,
  keyRevokePermission,
  keyRestorePermission,
  keyGrantPermission,
  unboundChangePermission,
  registryCreatePermission,
  operationApprovePermission,
  campaignCreatePermission,
  auditReadPermission,
  doctorReadPermission,
  inventoryReadPermission,
  inventorySyncPermission,
  fleetReadPermission,
);

/** Permissions of auditors, on every entity. */
const AUDITORS_MAY = namesOf(
  acrCmkUsePermission,
  registryReadPermission,
  auditReadPermission,
  inventoryReadPermission,
  fleetReadPermission,
);

/** Permissions of an entity's owner. */
const OWNER_MAY = namesOf(registryReadPermission, keyRotatePermission);

/** Permissions of a member of any team. Teams create their registries by the template, encrypted. */
const ANY_TEAM_MAY = namesOf(acrCmkUsePermission, registryCreatePermission);

const ALLOW: PolicyDecision = { result: AuthorizeResult.ALLOW };
const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/**
 * A policy to start from: owners see the registries of their entities and rotate their keys, auditors see
 * everything, the platform team does the rest.
 *
 * Permissions of the plugin that are not listed here are refused, so that a new permission is decided
 * about before it allows anything. Scaffolder tasks belong to the person who started them. All other
 * permissions of the portal are allowed.
 */
export class SamplePermissionPolicy implements PermissionPolicy {
  readonly #userInfo: UserInfoService;

  constructor(userInfo: UserInfoService) {
    this.#userInfo = userInfo;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (isResourcePermission(permission, RESOURCE_TYPE_SCAFFOLDER_TASK)) {
      // The log of a task contains facts about registries and keys that only its author may see.
      return user
        ? createScaffolderTaskConditionalDecision(
            permission,
            scaffolderTaskConditions.isTaskOwner({
              createdBy: [user.info.userEntityRef],
            }),
          )
        : DENY;
    }
    if (!permission.name.startsWith('acr-cmk.')) {
      return ALLOW;
    }
    if (!user) {
      return DENY;
    }

    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      user.credentials,
    );
    const inAnyTeam = ownershipEntityRefs.some(
      ref => ref.startsWith('group:') && ref !== AUDITORS,
    );

    if (
      ownershipEntityRefs.includes(PLATFORM_TEAM) &&
      PLATFORM_TEAM_MAY.has(permission.name)
    ) {
      return ALLOW;
    }
    if (
      ownershipEntityRefs.includes(AUDITORS) &&
      AUDITORS_MAY.has(permission.name)
    ) {
      return ALLOW;
    }
    if (inAnyTeam && ANY_TEAM_MAY.has(permission.name)) {
      return ALLOW;
    }
    if (
      inAnyTeam &&
      OWNER_MAY.has(permission.name) &&
      isResourcePermission(permission, 'catalog-entity')
    ) {
      return createCatalogConditionalDecision(
        permission,
        catalogConditions.isEntityOwner({ claims: ownershipEntityRefs }),
      );
    }
    if (
      inAnyTeam &&
      permission.name === fleetReadPermission.name &&
      isResourcePermission(permission, RESOURCE_TYPE_ACR_CMK_REGISTRY)
    ) {
      return createRegistryConditionalDecision(
        permission,
        registryConditions.isRegistryOwner({ claims: ownershipEntityRefs }),
      );
    }
    return DENY;
  }
}
