import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { isCaller } from '../../changes/gate/deciders';
import type { PermissionChecker } from '../../changes/gate/PermissionChecker';
import type { Bindings } from '../../catalog/binding';
import type { LinkRows } from '../../inventory/rows/links';
import type { FleetViewer } from './FleetViewer';
import { lower } from '../../platform/text';

/** The parts of an operation that decide who may see it. */
export interface ConcernedOperation {
  /** Id of the registry, lower case. */
  registryKey: string;
  entityRef: string;
  requestedBy: string;
}

interface Deps {
  links: Pick<LinkRows, 'tagged'>;
  /** `acrCmk.bindings` */
  bindings: Bindings;
  permissionChecker: Pick<PermissionChecker, 'heldAmong'>;
}

/**
 * Finds the operations that a viewer of the fleet may see. A registry is visible as soon as an entity
 * names it. What people did to it is visible to the requester, to users who may read the entity of the
 * operation or an entity that the registry is linked to, and to users who see everything.
 */
export class VisibleOperations {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns the visible ones, by one request to the policy for all */
  async among<T extends ConcernedOperation>(
    operations: readonly T[],
    viewer: FleetViewer,
  ): Promise<T[]> {
    const { visibleScope, credentials } = viewer;
    if (visibleScope.of === 'everything') return [...operations];
    const ofOthers = operations.filter(
      ({ requestedBy }) => !isCaller(credentials, requestedBy),
    );
    const linked = await this.#linkedTo(
      ofOthers.map(({ registryKey }) => registryKey),
    );
    const authoritiesOf = ({ registryKey, entityRef }: ConcernedOperation) =>
      [lower(entityRef), ...(linked.get(registryKey) ?? [])].map(ref => ({
        permission: registryReadPermission,
        entityRef: ref,
      }));
    const isHeld = await this.#deps.permissionChecker.heldAmong(
      ofOthers.flatMap(authoritiesOf),
      credentials,
    );
    return operations.filter(
      operation =>
        isCaller(credentials, operation.requestedBy) ||
        authoritiesOf(operation).some(isHeld),
    );
  }

  /** Entities that the tags of registries and the configuration name, by registry. */
  async #linkedTo(
    registryKeys: readonly string[],
  ): Promise<Map<string, string[]>> {
    const ids = [...new Set(registryKeys)];
    const linked = new Map<string, string[]>(
      ids.map(id => [id, [...(this.#deps.bindings.get(id) ?? [])]]),
    );
    for (const { registryId, entityRef } of await this.#deps.links.tagged(
      ids,
    )) {
      linked.get(registryId)?.push(entityRef);
    }
    return linked;
  }
}
