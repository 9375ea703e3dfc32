import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  createConditionTransformer,
  type PermissionRuleset,
} from '@backstage/plugin-permission-node';
import {
  fleetReadPermission,
  PermissionMissing,
} from 'backstage-plugin-acr-cmk-common';
import type {
  FleetCondition,
  FleetCriteria,
  FleetResource,
} from './conditions';

/** Which registries of the fleet somebody may see. */
export type VisibleScope =
  | { of: 'everything' }
  | { of: 'some'; criteria: FleetCriteria };

/** Asks the portal's policy which registries of the fleet somebody may see. */
export class VisibleScopeReader {
  readonly #permissions: Pick<PermissionsService, 'authorizeConditional'>;
  readonly #toCriteria: ReturnType<
    typeof createConditionTransformer<FleetCondition>
  >;

  constructor(options: {
    permissions: Pick<PermissionsService, 'authorizeConditional'>;
    /** The rules of this plugin, and those that modules have added. */
    ruleset: PermissionRuleset<FleetResource, FleetCondition>;
  }) {
    this.#permissions = options.permissions;
    this.#toCriteria = createConditionTransformer(options.ruleset);
  }

  /** @throws PermissionMissing when it is none */
  async of(credentials: BackstageCredentials): Promise<VisibleScope> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: fleetReadPermission }],
      { credentials },
    );
    switch (decision.result) {
      case AuthorizeResult.ALLOW:
        return { of: 'everything' };
      case AuthorizeResult.CONDITIONAL:
        return { of: 'some', criteria: this.#toCriteria(decision.conditions) };
      default:
        throw new PermissionMissing(fleetReadPermission.name);
    }
  }
}
