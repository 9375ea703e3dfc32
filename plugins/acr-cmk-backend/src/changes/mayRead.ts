import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  acrCmkPermissions,
  auditReadPermission,
  campaignCreatePermission,
  fleetReadPermission,
  type RegistryId,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { OperationRecord } from '../engine/types';
import type { LinkRows } from '../inventory/rows/links';
import type { Context } from '../platform/context';
import type { OperationRow } from '../platform/database/tables';
import { lower } from '../platform/text';
import { authorityOf, isCaller } from './gate/deciders';
import type { Authority, PermissionChecker } from './gate/PermissionChecker';

/** The parts of an operation that decide who may see it. */
export interface ReadableOperation extends Pick<
  OperationRecord,
  'entityRef' | 'requestedBy' | 'effects' | 'campaignId'
> {
  registryId: Pick<OperationRecord['registryId'], 'key'>;
  approval?: Pick<NonNullable<OperationRecord['approval']>, 'needs' | 'by'>;
}

/** Columns of operations from which `toReadable` makes those parts. */
export const READABLE_COLUMNS = [
  'registry_key',
  'entity_ref',
  'requested_by',
  'effects',
  'needs',
  'approval_by',
  'campaign_id',
] as const;

/** The parts of an operation that decide who may see it, from its row. */
export function toReadable(
  row: Pick<OperationRow, (typeof READABLE_COLUMNS)[number]>,
): ReadableOperation {
  return {
    registryId: { key: row.registry_key },
    entityRef: row.entity_ref,
    requestedBy: row.requested_by,
    effects: JSON.parse(row.effects ?? '[]'),
    approval: {
      needs: JSON.parse(row.needs ?? '[]'),
      by: row.approval_by ?? undefined,
    },
    ...(row.campaign_id && { campaignId: row.campaign_id }),
  };
}

/** The caller, and what is known about their permissions. */
export interface OperationViewer {
  credentials: BackstageCredentials;
  /** Entity on which they have `acr-cmk.registry.read`. */
  reads?: string;
  /** Whether they may see every registry of the fleet. The policy is asked if absent. */
  seesWholeFleet?: boolean;
}

interface MayReadContext extends Pick<Context, 'permissions'> {
  config: Pick<Context['config'], 'bindings'>;
}

interface MayReadParts {
  permissionChecker: Pick<PermissionChecker, 'heldAmong'>;
  links: Pick<LinkRows, 'tagged'>;
}

/**
 * The rule who may see an operation, for every way in: docs/permissions.md#who-sees-an-operation says it in words.
 * Nobody else decides about it.
 */
export class MayRead {
  readonly #context: MayReadContext;
  readonly #parts: MayReadParts;

  constructor(context: MayReadContext, parts: MayReadParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Whether the viewer may see an operation. */
  async one(
    operation: ReadableOperation,
    viewer: OperationViewer,
  ): Promise<boolean> {
    return (await this.among([operation], viewer)).length > 0;
  }

  /**
   * Filters operations by what the viewer may see. Asks the policy about the operations' own entities first: an
   * operation of a shared key may concern the entities of hundreds of registries.
   */
  async among<T extends ReadableOperation>(
    operations: readonly T[],
    viewer: OperationViewer,
  ): Promise<T[]> {
    if (viewer.seesWholeFleet) return [...operations];
    const linkedTo = await this.#linksOf(operations.flatMap(registriesOf));
    const isKnown = (operation: T) =>
      tookPart(operation, viewer.credentials) ||
      entitiesOf(operation, linkedTo).includes(lower(viewer.reads ?? ''));
    const others = operations.filter(operation => !isKnown(operation));
    if (others.length === 0) return [...operations];
    let hidden = others;
    for (const authoritiesOf of [
      ownAuthorities,
      furtherAuthorities(linkedTo),
    ]) {
      const isHeld = await this.#parts.permissionChecker.heldAmong(
        hidden.flatMap(authoritiesOf),
        viewer.credentials,
      );
      hidden = hidden.filter(
        operation => !authoritiesOf(operation).some(isHeld),
      );
      if (hidden.length === 0) return [...operations];
    }
    if (await this.#seesWholeFleet(viewer)) return [...operations];
    const isHidden = new Set(hidden);
    return operations.filter(operation => !isHidden.has(operation));
  }

  /** Filters registries by their link to an entity. */
  async linked(
    entityRef: string,
    registries: readonly RegistryId[],
  ): Promise<RegistryId[]> {
    const linkedTo = await this.#linksOf(registries.map(({ key }) => key));
    return registries.filter(({ key }) =>
      linkedTo(key).includes(lower(entityRef)),
    );
  }

  /** Entities to which registries are linked, by the key of the registry. */
  async #linksOf(registryKeys: readonly string[]): Promise<LinkedTo> {
    const tagged = Map.groupBy(
      await this.#parts.links.tagged([...new Set(registryKeys)]),
      ({ registryId }) => registryId,
    );
    return id => [
      ...(this.#context.config.bindings.get(id) ?? []),
      ...(tagged.get(id) ?? []).map(({ entityRef }) => entityRef),
    ];
  }

  async #seesWholeFleet({
    credentials,
    seesWholeFleet,
  }: OperationViewer): Promise<boolean> {
    if (seesWholeFleet !== undefined) return seesWholeFleet;
    const [{ result }] = await this.#context.permissions.authorizeConditional(
      [{ permission: fleetReadPermission }],
      { credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }
}

/** Lower-cased refs of the entities that a registry is linked to. */
type LinkedTo = (registryKey: string) => readonly string[];

/** Whether the caller requested the operation, approved it or rejected it. */
function tookPart(
  { requestedBy, approval }: ReadableOperation,
  credentials: BackstageCredentials,
): boolean {
  const people = [
    requestedBy,
    approval?.by,
    ...(approval?.needs ?? []).map(({ by }) => by),
  ];
  return people.some(
    person => person !== undefined && isCaller(credentials, person),
  );
}

/** Keys of the registries that an operation changes, or that lose or regain their key by it: those that it locks. */
function registriesOf({ registryId, effects }: ReadableOperation): string[] {
  return [
    registryId.key,
    ...effects.flatMap(effect =>
      'registryId' in effect ? [effect.registryId] : [],
    ),
  ];
}

/** Entities that an operation concerns: its own, and those linked to its registries. */
function entitiesOf(
  operation: ReadableOperation,
  linkedTo: LinkedTo,
): string[] {
  return [
    ...new Set([
      lower(operation.entityRef),
      ...registriesOf(operation).flatMap(linkedTo),
    ]),
  ];
}

/** Each is enough to see the operation, and independent of its other registries. */
function ownAuthorities({
  entityRef,
  campaignId,
}: ReadableOperation): Authority[] {
  return [
    { permission: registryReadPermission, entityRef: lower(entityRef) },
    ...(campaignId ? [{ permission: campaignCreatePermission }] : []),
    { permission: auditReadPermission },
  ];
}

/** Further authorities, each of which is enough: of the entities that it concerns, and of those who have to agree. */
function furtherAuthorities(linkedTo: LinkedTo) {
  return (operation: ReadableOperation): Authority[] => [
    ...entitiesOf(operation, linkedTo).map(entityRef => ({
      permission: registryReadPermission,
      entityRef,
    })),
    // A newer release may have stored a permission that this one does not have.
    ...(operation.approval?.needs ?? [])
      .filter(({ permission }) =>
        acrCmkPermissions.some(({ name }) => name === permission),
      )
      .map(authorityOf),
  ];
}
