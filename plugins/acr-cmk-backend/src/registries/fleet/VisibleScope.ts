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

/** Registries of the fleet that a user may see. */
export type VisibleScope =
  | { of: 'everything' }
  | { of: 'some'; criteria: FleetCriteria };

interface VisibleScopeReaderDeps {
  permissions: Pick<PermissionsService, 'authorizeConditional'>;
  /** Rules of this plugin and of modules. */
  ruleset: PermissionRuleset<FleetResource, FleetCondition>;
}

/** Gets the visible scope of a user from the portal's policy. */
export class VisibleScopeReader {
  readonly #deps: VisibleScopeReaderDeps;
  readonly #toCriteria: ReturnType<
    typeof createConditionTransformer<FleetCondition>
  >;

  constructor(deps: VisibleScopeReaderDeps) {
    this.#deps = deps;
    this.#toCriteria = createConditionTransformer(deps.ruleset);
  }

  /** @throws PermissionMissing when the user may see no registry */
  async of(credentials: BackstageCredentials): Promise<VisibleScope> {
    const [decision] = await this.#deps.permissions.authorizeConditional(
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
