/** The catalog and the permission policy as one preview asks them: each question once, in few requests. */
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type {
  AuthorizePermissionRequest,
  AuthorizePermissionResponse,
} from '@backstage/plugin-permission-common';
import { authorizeInParts } from '../gate/PermissionChecker';
import { callerOf } from '../../platform/callerOf';
import { batchesOf } from '../../platform/database/batches';
import { lower } from '../../platform/text';

/** Entities in one request. */
const ENTITIES_AT_ONCE = 200;

type Catalog = Pick<
  CatalogService,
  'getEntities' | 'getEntitiesByRefs' | 'getEntityByRef' | 'streamEntities'
>;

/** The catalog with the entities that were read once. Whole entities are kept: callers need different fields. */
export class KeptCatalog implements Catalog {
  readonly #catalog: Catalog;
  readonly #kept = new Map<string, Promise<Entity | undefined>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async getEntitiesByRefs(
    { entityRefs }: Parameters<Catalog['getEntitiesByRefs']>[0],
    { credentials }: Parameters<Catalog['getEntitiesByRefs']>[1],
  ) {
    const keptAs = (ref: string) => `${callerOf(credentials)} ${lower(ref)}`;
    const missing = [
      ...new Map(
        entityRefs
          .filter(ref => !this.#kept.has(keptAs(ref)))
          .map(ref => [keptAs(ref), ref]),
      ).values(),
    ];
    for (const batch of batchesOf(missing, ENTITIES_AT_ONCE)) {
      const answer = this.#catalog.getEntitiesByRefs(
        { entityRefs: batch },
        { credentials },
      );
      batch.forEach((ref, index) =>
        this.#kept.set(
          keptAs(ref),
          answer.then(({ items }) => items[index]),
        ),
      );
    }
    const items = entityRefs.map(ref => this.#kept.get(keptAs(ref)));
    return { items: await Promise.all(items) };
  }

  async getEntityByRef(
    ...[ref, options]: Parameters<Catalog['getEntityByRef']>
  ): Promise<Entity | undefined> {
    if (typeof ref !== 'string') {
      return this.#catalog.getEntityByRef(ref, options);
    }
    const { items } = await this.getEntitiesByRefs(
      { entityRefs: [ref] },
      options,
    );
    return items[0];
  }

  getEntities(...request: Parameters<Catalog['getEntities']>) {
    return this.#catalog.getEntities(...request);
  }

  streamEntities(...request: Parameters<Catalog['streamEntities']>) {
    return this.#catalog.streamEntities(...request);
  }
}

/** The policy with its decisions about one caller. */
export class KeptDecisions implements Pick<PermissionsService, 'authorize'> {
  readonly #permissions: Pick<PermissionsService, 'authorize'>;
  readonly #credentials: BackstageCredentials;
  readonly #kept = new Map<string, Promise<AuthorizePermissionResponse>>();

  constructor(
    permissions: Pick<PermissionsService, 'authorize'>,
    credentials: BackstageCredentials,
  ) {
    this.#permissions = permissions;
    this.#credentials = credentials;
  }

  /** @throws for another caller than the one whose decisions are kept */
  async authorize(
    requests: AuthorizePermissionRequest[],
    { credentials }: { credentials: BackstageCredentials },
  ): Promise<AuthorizePermissionResponse[]> {
    if (callerOf(credentials) !== callerOf(this.#credentials)) {
      throw new Error('Decisions are kept for another caller');
    }
    const missing = requests.filter(one => !this.#kept.has(nameOf(one)));
    const answer = authorizeInParts(this.#permissions, missing, credentials);
    missing.forEach((one, index) =>
      this.#kept.set(
        nameOf(one),
        answer.then(decisions => decisions[index]),
      ),
    );
    return Promise.all(requests.map(one => this.#kept.get(nameOf(one))!));
  }
}

function nameOf(request: AuthorizePermissionRequest): string {
  const ref = 'resourceRef' in request ? String(request.resourceRef) : '';
  return `${request.permission.name} ${ref}`;
}
