import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { registryReadPermission } from 'backstage-plugin-acr-cmk-common';
import { isCaller } from '../authority/deciders';
import type { PermissionChecker } from '../authority/PermissionChecker';
import type { Bindings } from '../catalog/binding';
import type { LinkRows } from '../inventory/rows/links';
import { batchesOf, lower } from '../inventory/rows/readings';
import type { VisibleScope } from './VisibleScope';

/** Entities in one question to the policy. */
const BATCH = 100;

/** What an operation was asked for, and by whom. */
export interface ConcernedOperation {
  /** Id of a registry that it concerns, in lower case. */
  registryKey: string;
  entityRef: string;
  requestedBy: string;
}

/**
 * Which operations somebody may see who sees a registry of the fleet. To see a registry it is enough
 * that an entity names it; what people did to it is for those who may read the entity that it was
 * asked for, or one that the registry is linked to, and for those who see everything.
 */
export class VisibleOperations {
  readonly #links: Pick<LinkRows, 'tagged'>;
  readonly #bindings: Bindings;
  readonly #permissionChecker: Pick<PermissionChecker, 'lackedOf'>;

  constructor(options: {
    links: Pick<LinkRows, 'tagged'>;
    /** `acrCmk.bindings` */
    bindings: Bindings;
    permissionChecker: Pick<PermissionChecker, 'lackedOf'>;
  }) {
    this.#links = options.links;
    this.#bindings = options.bindings;
    this.#permissionChecker = options.permissionChecker;
  }

  /** Those of a page, asked at once. */
  async among<T extends ConcernedOperation>(
    operations: readonly T[],
    viewer: { visibleScope: VisibleScope; credentials: BackstageCredentials },
  ): Promise<T[]> {
    const { visibleScope, credentials } = viewer;
    if (visibleScope.of === 'everything') return [...operations];
    const ofOthers = operations.filter(
      ({ requestedBy }) => !isCaller(credentials, requestedBy),
    );
    const linked = await this.#linkedTo(
      ofOthers.map(({ registryKey }) => registryKey),
    );
    const entitiesOf = ({ registryKey, entityRef }: ConcernedOperation) => [
      lower(entityRef),
      ...(linked.get(registryKey) ?? []),
    ];
    const readable = await this.#readable(
      ofOthers.flatMap(entitiesOf),
      credentials,
    );
    return operations.filter(
      operation =>
        isCaller(credentials, operation.requestedBy) ||
        entitiesOf(operation).some(ref => readable.has(ref)),
    );
  }

  /** Refs that the tags of registries and the configuration name, by ids. */
  async #linkedTo(
    registryKeys: readonly string[],
  ): Promise<Map<string, string[]>> {
    const ids = [...new Set(registryKeys)];
    const linked = new Map<string, string[]>(
      ids.map(id => [id, [...(this.#bindings.get(id) ?? [])]]),
    );
    for (const { registryId, entityRef } of await this.#links.tagged(ids)) {
      linked.get(registryId)?.push(entityRef);
    }
    return linked;
  }

  async #readable(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const readable = new Set(entityRefs);
    for (const batch of batchesOf([...readable], BATCH)) {
      const lacked = await this.#permissionChecker.lackedOf(
        batch.map(entityRef => ({
          permission: registryReadPermission,
          entityRef,
        })),
        credentials,
      );
      lacked.forEach(({ entityRef }) => readable.delete(entityRef));
    }
    return readable;
  }
}
