import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  type AuthorizePermissionRequest,
  type AuthorizePermissionResponse,
  AuthorizeResult,
  type BasicPermission,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  type ActionId,
  documentationUrl,
  type Intent,
  PermissionMissing,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { ACTIONS } from '../../domain/offers';
import type { Approvers } from '../../platform/config';
import { holdersInWords } from './approvers';
import { definitionOf, intents } from '../../domain/plan/intents';

/** Decisions in one request. Our choice. */
const DECISIONS_AT_ONCE = 40;
const TOO_LARGE = 413;

/** Status of a plugin that is not there, or that a proxy or Backstage cannot reach. */
const AWAY = [404, 502, 503, 504];

/** Whether the permission backend gave no answer of its own. */
const isAway = ({ message, statusCode = 0 }: Error & { statusCode?: number }) =>
  /^fetch failed|^request to .* failed/.test(message) ||
  AWAY.includes(statusCode);

/**
 * Gets decisions in requests that Backstage takes. The permission backend hands each question to the catalog with the
 * conditions of the policy, in which the person's groups are; Backstage takes bodies of up to 100 kB. So a request
 * that is too large is asked again in halves.
 *
 * @throws ServiceUnavailableError while the permission backend is away
 */
export async function authorizeInParts(
  permissions: Pick<PermissionsService, 'authorize'>,
  requests: AuthorizePermissionRequest[],
  credentials: BackstageCredentials,
): Promise<AuthorizePermissionResponse[]> {
  const decisions: AuthorizePermissionResponse[] = [];
  let size = DECISIONS_AT_ONCE;
  while (decisions.length < requests.length) {
    const from = decisions.length;
    const part = requests.slice(from, from + size);
    try {
      decisions.push(...(await permissions.authorize(part, { credentials })));
    } catch (error) {
      if (isAway(error as Error)) {
        throw new ServiceUnavailableError(
          `The permission backend of this portal does not answer (${
            (error as Error).message
          }), so nobody is known to have a permission. Check that the backend has @backstage/plugin-permission-backend and a module with a policy, and read in its log why they did not start. See ${documentationUrl(
            'docs/install.md#the-policy',
          )}`,
        );
      }
      const { statusCode } = error as { statusCode?: unknown };
      if (statusCode !== TOO_LARGE || part.length === 1) throw error;
      size = Math.ceil(part.length / 2);
    }
  }
  return decisions;
}

/** A permission on an entity, or a basic permission. */
export type Authority =
  | {
      permission: ResourcePermission<'catalog-entity'>;
      entityRef: string;
    }
  | { permission: BasicPermission; entityRef?: undefined };

/** Permissions of a caller who views an entity. */
export interface PermissionsOfView {
  /** To see the encryption of its registries. */
  read: boolean;
  actions: Record<
    ActionId,
    {
      name: string;
      granted: boolean;
      /** Words for those who have it, by the configuration. */
      holders: string;
    }
  >;
  /** Refs of the entities that the caller may see. */
  visible: ReadonlySet<string>;
}

/** Authority that an intent needs. Creating a registry needs a permission without an entity. */
export function authorityFor(intent: Intent, entityRef: string): Authority {
  const definition = definitionOf(intent);
  return definition.registry === 'new'
    ? { permission: definition.permission }
    : { permission: definition.permission, entityRef };
}

const nameOf = ({ permission, entityRef = '' }: Authority) =>
  `${permission.name} ${entityRef}`;

interface PermissionCheckerDeps {
  permissions: Pick<PermissionsService, 'authorize'>;
  /** `acrCmk.approvers`, for refusals. Default: nobody is named. */
  approvers?: Approvers;
}

/** Asks the portal's permission policy; a refusal names the permission. */
export class PermissionChecker {
  readonly #deps: PermissionCheckerDeps;

  constructor(deps: PermissionCheckerDeps) {
    this.#deps = deps;
  }

  /**
   * Permissions of a view: on its entity, and to see it and those that it names. One question to the policy.
   *
   * @param refs - the entity of the view, and the others
   */
  async ofView(
    refs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<PermissionsOfView> {
    const [entityRef] = refs;
    const needed = ACTIONS.map(action => intents[action].permission);
    const onEntity = [...new Set([registryReadPermission, ...needed])];
    const isGranted = await this.#decisions(
      [
        ...onEntity.map(permission => ({ permission, entityRef })),
        ...refs.map(ref => ({
          permission: catalogEntityReadPermission,
          entityRef: ref,
        })),
      ],
      credentials,
    );
    const granted = onEntity.filter((_, index) => isGranted[index]);
    return {
      read: granted.includes(registryReadPermission),
      actions: Object.fromEntries(
        ACTIONS.map((action, index) => [
          action,
          {
            name: needed[index].name,
            granted: granted.includes(needed[index]),
            holders: this.holdersInWords({
              permission: needed[index],
              entityRef,
            }),
          },
        ]),
      ) as PermissionsOfView['actions'],
      visible: new Set(
        refs.filter((_, index) => isGranted[onEntity.length + index]),
      ),
    };
  }

  /** Whether the caller has this permission. */
  async granted(
    authority: Authority,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const [isGranted] = await this.#decisions([authority], credentials);
    return isGranted;
  }

  /** Authorities that the caller lacks, checked in one call. */
  async lackedOf<A extends Authority>(
    authorities: readonly A[],
    credentials: BackstageCredentials,
  ): Promise<A[]> {
    const isGranted = await this.#decisions(authorities, credentials);
    return authorities.filter((_, index) => !isGranted[index]);
  }

  /** Tells of each of these authorities whether the caller has it. */
  async heldAmong(
    authorities: readonly Authority[],
    credentials: BackstageCredentials,
  ): Promise<(authority: Authority) => boolean> {
    const held = new Map(authorities.map(one => [nameOf(one), one]));
    const lacked = await this.lackedOf([...held.values()], credentials);
    lacked.forEach(one => held.delete(nameOf(one)));
    return authority => held.has(nameOf(authority));
  }

  /** Whether the caller has each of these authorities. */
  async #decisions(
    authorities: readonly Authority[],
    credentials: BackstageCredentials,
  ): Promise<boolean[]> {
    const decisions = await authorizeInParts(
      this.#deps.permissions,
      authorities.map(({ permission, entityRef }) =>
        entityRef === undefined
          ? { permission }
          : { permission, resourceRef: entityRef },
      ),
      credentials,
    );
    return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
  }

  /** @throws PermissionMissing, which names the field `entityRef` for a permission on an entity */
  async require(
    authority: Authority,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.granted(authority, credentials))) {
      throw this.missing(
        authority,
        authority.entityRef === undefined ? undefined : 'entityRef',
      );
    }
  }

  /** Refusal of a caller without a permission, which names those who have it. */
  missing(authority: Authority, field?: string): PermissionMissing {
    return new PermissionMissing(
      authority.permission.name,
      authority.entityRef,
      { field, holders: this.holdersInWords(authority) },
    );
  }

  /** Words for those who have a permission, by the configuration. */
  holdersInWords({ permission, entityRef }: Authority): string {
    const { approvers = new Map() } = this.#deps;
    return holdersInWords(approvers, {
      permission: permission.name,
      entityRef,
    });
  }
}
