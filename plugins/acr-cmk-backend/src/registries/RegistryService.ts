import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type ChangedOutside,
  type EntityCampaign,
  type EntityRegistries,
  type KeyIdentifier,
  keyRestorePermission,
  type RegistryEncryption,
  type RegistryId,
  registryReadPermission,
  type RegistryState,
  type UnreadableReason,
  type UnreadableRegistry,
} from 'backstage-plugin-acr-cmk-common';
import { askedOf } from '../changes/gate/approvers';
import type {
  PermissionChecker,
  PermissionsOfView,
} from '../changes/gate/PermissionChecker';
import { outOfScope } from '../changes/gate/scope';
import type { MayRead, OperationViewer } from '../changes/mayRead';
import type { AzurePorts } from '../azure/ports';
import { personOf } from '../platform/callerOf';
import { bindingShownTo, unlinkedReason } from '../catalog/binding';
import type { CatalogLinks, EntitiesBehind } from '../catalog/CatalogLinks';
import { consumersOf } from '../catalog/consumersOf';
import type { EntityReader } from '../catalog/EntityReader';
import { withoutUndo } from '../domain/findings/withoutUndo';
import { ACTIONS, offerOf } from '../domain/offers';
import { keyAccessOf } from '../domain/keyAccess';
import type { Registry } from '../domain/registry';
import type { RegistryFactBundle } from '../domain/encryptedRegistry';
import { freshnessOf, unreadableView, viewOf } from '../domain/view';
import { type AcrCmkConfig, inScope } from '../platform/config';
import { type Clock, isoTime } from '../platform/database/clock';
import { azureNow } from '../inventory/facts';
import {
  type Freshness,
  type Inventory,
  REFRESHED,
  SHOWN,
} from '../inventory/Inventory';
import type { OperationQueries } from '../engine/OperationQueries';
import type { OperationRecord } from '../engine/types';
import { revokedBy } from '../changes/operations/revokedOnPurpose';
import type { ChangeTokenOf } from '../platform/signals/changeTokens';

const byId = (a: Registry, b: Registry) =>
  a.registryId.key < b.registryId.key ? -1 : 1;

/** The viewer of an entity's registries, and what is the same for each of them. */
interface Viewer {
  entityRef: string;
  freshness: Freshness;
  permissions: PermissionsOfView['actions'];
  credentials: BackstageCredentials;
  /** Entities that were read for this view. */
  entities: EntityReader;
  /** Registries that the entity names. */
  named: readonly RegistryId[];
  /** Users of keys that were read for this view, by `KeyIdentifier.keyOfKey`: its registries may share a key. */
  users: Map<string, Promise<KeyUsersOfView>>;
  /** Our time when they looked, epoch milliseconds. */
  now: number;
}

/** Registries that use a key, and the entities behind them and behind those of the view. */
interface KeyUsersOfView {
  users: readonly Registry[];
  complete: boolean;
  behind: (id: RegistryId) => EntitiesBehind;
}

interface RegistryServiceDeps {
  config: Pick<
    AcrCmkConfig,
    'scopes' | 'bindings' | 'allows' | 'readUnlinked' | 'approvers'
  >;
  clock: Clock;
  azure: Pick<AzurePorts, 'has'>;
  inventory: Inventory;
  operations: Pick<
    OperationQueries,
    'get' | 'hasPendingRevoke' | 'holderOf' | 'revokeBehind'
  >;
  catalog: CatalogLinks;
  permissionChecker: PermissionChecker;
  mayRead: MayRead;
  changeTokenOf: ChangeTokenOf;
  /** Campaigns that are to change registries of an entity, for readers of the entity. */
  campaignsOf(entityRef: string): Promise<EntityCampaign[]>;
}

/** Reads the encryption of registries, as a person may see it. */
export class RegistryService {
  readonly #deps: RegistryServiceDeps;

  constructor(deps: RegistryServiceDeps) {
    this.#deps = deps;
  }

  /**
   * The encryption of every registry that an entity names.
   *
   * @param options.refresh - a person requested newer facts
   */
  async registriesOf(
    entity: string,
    credentials: BackstageCredentials,
    options: { refresh: boolean },
  ): Promise<EntityRegistries> {
    const { catalog, permissionChecker } = this.#deps;
    const refs = await catalog.around(entity);
    // As the plugin, beside the question which of them the viewer may see: the catalog would ask it once more.
    const [may, found, now] = await Promise.all([
      permissionChecker.ofView(refs, credentials),
      catalog.entitiesAsPlugin(refs),
      this.#deps.clock.now(),
    ]);
    const entities = catalog.entitiesSeenBy(
      credentials,
      new Map(
        refs.map(ref => [
          ref,
          may.visible.has(ref) ? found.get(ref) : undefined,
        ]),
      ),
    );
    const { entityRef, named } = await catalog.registriesOf(
      entity,
      credentials,
      entities,
    );
    if (!may.read) {
      throw this.#deps.permissionChecker.missing(
        { permission: registryReadPermission, entityRef },
        'entityRef',
      );
    }
    const viewer: Viewer = {
      entityRef,
      freshness: { ...(options.refresh ? REFRESHED : SHOWN), now },
      permissions: may.actions,
      credentials,
      entities,
      named: named.flatMap(one => ('id' in one ? [one.id] : [])),
      users: new Map(),
      now,
    };
    const [campaigns, ...registries] = await Promise.all([
      this.#deps.campaignsOf(entityRef),
      ...named.map(one =>
        'id' in one
          ? this.#registry(one.id, viewer)
          : unreadable(one.text, 'invalid-id', one.problem),
      ),
    ]);
    return {
      entityRef,
      registries,
      ...(campaigns.length > 0 && { campaigns }),
    };
  }

  async #registry(
    id: RegistryId,
    viewer: Viewer,
  ): Promise<RegistryEncryption | UnreadableRegistry> {
    if (!inScope(this.#deps.config.scopes, id)) {
      return unreadable(id.toString(), 'out-of-scope', outOfScope(id));
    }
    const {
      registry,
      bundle: gather,
      changedOutside,
    } = await this.#deps.inventory.look(id, viewer.freshness);
    const unlinked = unlinkedReason(
      viewer.entityRef,
      {
        id: id.toString(),
        name: id.name,
        tags: registry.known ? registry.value.tags : undefined,
      },
      this.#deps.config,
    );
    if (unlinked) return unreadable(id.toString(), 'denied', unlinked);
    if (!registry.known) {
      return unreadableView(id.toString(), registry.problem);
    }
    const { value } = registry;
    const [bundle, consumers, binding] = await Promise.all([
      gather(value),
      this.#consumers(value, viewer),
      bindingShownTo(viewer.entityRef, value, {
        bindings: this.#deps.config.bindings,
        visibleAmong: refs =>
          this.#deps.catalog.visibleAmong(
            refs,
            viewer.credentials,
            viewer.entities,
          ),
      }),
    ]);
    const { now } = viewer;
    const view = viewOf(bundle, azureNow(registry, now));
    const operationViewer: OperationViewer = {
      credentials: viewer.credentials,
      reads: viewer.entityRef,
    };
    const revoke =
      view.state.id === 'revoked'
        ? await this.#deps.operations.revokeBehind(id)
        : undefined;
    const [runningOperationId, state, hasPendingRevoke, outside] =
      await Promise.all([
        this.#runningOperation(id, operationViewer),
        revoke
          ? this.#withAuthor(view.state, revoke, {
              id,
              viewer: operationViewer,
            })
          : view.state,
        // Without the link nothing is offered, and nothing of what people did is shown.
        binding.proven &&
          viewer.permissions.restore.granted &&
          this.#deps.operations.hasPendingRevoke(id),
        binding.proven
          ? this.#changedOutside(value, bundle, {
              state: view.state,
              revoke,
              changedOutside,
            })
          : undefined,
      ]);
    const offer = {
      isPerson: personOf(viewer.credentials) !== undefined,
      state,
      access: keyAccessOf(view.findings),
      hasOtherIdentity: hasOtherIdentity(value),
      binding,
      permissions: viewer.permissions,
      credentials: {
        rotate: this.#deps.azure.has('rotate'),
        revoke: this.#deps.azure.has('revoke'),
      },
      runningOperationId,
      hasPendingRevoke,
      allows: this.#deps.config.allows,
      hasOldVersion: hasOldVersion(view),
    };
    return {
      ...view,
      state: state.revoked
        ? {
            ...state,
            revoked: {
              ...state.revoked,
              askedOf: this.#restorersOf(viewer.entityRef, consumers.consumers),
            },
          }
        : state,
      findings: revoke ? withoutUndo(view.findings) : view.findings,
      ...(outside && { changedOutside: outside }),
      binding,
      runningOperationId: runningOperationId ?? null,
      changeToken: this.#deps.changeTokenOf(id),
      freshness: freshnessOf(registry, bundle, now),
      ...consumers,
      actions: ACTIONS.map(action => offerOf(action, offer)),
    };
  }

  /** Registries in scope that use the same key, as they are known, and whether that is all of them. */
  async #consumers(
    registry: Registry,
    viewer: Viewer,
  ): Promise<Pick<RegistryEncryption, 'consumers' | 'consumersComplete'>> {
    const { key, registryId } = registry;
    if (!key) return { consumers: [], consumersComplete: true };
    const found = viewer.users.get(key.keyOfKey) ?? this.#usersOf(key, viewer);
    viewer.users.set(key.keyOfKey, found);
    const { users, complete, behind } = await found;
    const others = users.filter(user => !user.registryId.equals(registryId));
    return {
      // It was just read.
      consumers: consumersOf([...others, registry].sort(byId), {
        self: registryId,
        behind,
      }),
      consumersComplete: complete,
    };
  }

  async #usersOf(
    key: KeyIdentifier,
    { credentials, entities, named, now }: Viewer,
  ): Promise<KeyUsersOfView> {
    const { inScope: users, complete } = await this.#deps.inventory.users.known(
      key,
      { now },
    );
    const behind = await this.#deps.catalog.entitiesBehind(
      [...users.map(({ registryId }) => registryId), ...named],
      credentials,
      entities,
    );
    return { users, complete, behind };
  }

  /** The operation that is in progress on a registry, for those who may see it. */
  async #runningOperation(
    id: RegistryId,
    viewer: OperationViewer,
  ): Promise<string | undefined> {
    const holder = await this.#deps.operations.holderOf([id.key]);
    const operation =
      holder && (await this.#deps.operations.get(holder.operationId));
    return operation && (await this.#deps.mayRead.one(operation, viewer))
      ? operation.id
      : undefined;
  }

  /** The last change that no operation of this portal made, with the last change that Azure names. */
  async #changedOutside(
    { lastModified }: Registry,
    { vault, key, assignments }: RegistryFactBundle,
    {
      state,
      revoke,
      changedOutside,
    }: {
      state: RegistryState;
      revoke?: OperationRecord;
      changedOutside(): Promise<ChangedOutside | undefined>;
    },
  ): Promise<ChangedOutside | undefined> {
    const change = await changedOutside();
    if (state.id === 'revoked' && !revoke) {
      const changedAt = [vault, key, assignments].flatMap(fact =>
        fact?.known ? (fact.changedAt ?? []) : [],
      );
      return {
        what: [...(change?.what ?? []), 'access'],
        noticedAt:
          changedAt.length > 0
            ? isoTime(Math.max(...changedAt))
            : (change?.noticedAt ?? isoTime(await this.#deps.clock.now())),
      };
    }
    return change && { ...change, ...(lastModified && { lastModified }) };
  }

  /** Approvers that `acrCmk.approvers` names for a restore. */
  #restorersOf(
    entityRef: string,
    consumers: RegistryEncryption['consumers'],
  ): string[] {
    const owner = consumers
      .flatMap(({ entities }) => entities)
      .find(one => one.entityRef === entityRef)?.owner;
    return askedOf(this.#deps.config.approvers, {
      permission: keyRestorePermission.name,
      owner,
    });
  }

  /** Adds the revoke behind the state `revoked`: its author, reason and end, whichever registry it named. */
  async #withAuthor(
    state: RegistryState,
    revoke: OperationRecord,
    { id, viewer }: { id: RegistryId; viewer: OperationViewer },
  ): Promise<RegistryState> {
    const revoked = revokedBy(revoke, id);
    return revoked && (await this.#deps.mayRead.one(revoke, viewer))
      ? { ...state, revoked }
      : state;
  }
}

function unreadable(
  text: string,
  reason: UnreadableReason,
  message: string,
): UnreadableRegistry {
  return { kind: 'unreadable', text, reason, message };
}

/** Whether another identity is attached or turned on, beside the one that the encryption uses. */
function hasOtherIdentity({
  encryption,
  systemPrincipalId,
  userAssignedIdentities,
}: Registry): boolean {
  const used = encryption.identity?.toLowerCase();
  return (
    (systemPrincipalId !== undefined && used !== 'system') ||
    userAssignedIdentities.some(
      ({ clientId }) => clientId && clientId.toLowerCase() !== used,
    )
  );
}

/** Whether there is an enabled version that is neither in use nor the latest. */
function hasOldVersion({ key }: Pick<RegistryEncryption, 'key'>): boolean {
  return (
    key?.known === true &&
    key.versions.some(
      ({ version, enabled }) =>
        enabled &&
        version !== key.versionInUse &&
        version !== key.latestVersion,
    )
  );
}
