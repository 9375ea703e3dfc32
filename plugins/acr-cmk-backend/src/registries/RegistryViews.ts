import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type ChangedOutside,
  type EntityCampaign,
  type EntityRegistries,
  type Fact,
  type FleetRegistryView,
  type KeyIdentifier,
  keyRestorePermission,
  type RegistryEncryption,
  type RegistryId,
  registryReadPermission,
  RegistryUnknown,
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
import { revokedBy } from '../changes/operations/revokedOnPurpose';
import { bindingShownTo, unlinkedReason } from '../catalog/binding';
import type { CatalogLinks, EntitiesBehind } from '../catalog/CatalogLinks';
import { consumersOf } from '../catalog/consumersOf';
import type { EntityReader } from '../catalog/EntityReader';
import {
  entitiesOfServices,
  presentLookedAt,
  presentServices,
  servicesOf,
} from '../catalog/servicesOf';
import type { RegistryFactBundle } from '../domain/encryptedRegistry';
import { withoutUndo } from '../domain/findings/withoutUndo';
import { keyAccessOf } from '../domain/keyAccess';
import { ACTIONS, offerOf } from '../domain/offers';
import type { Registry } from '../domain/registry';
import {
  freshnessOf,
  type RegistryView,
  unreadableView,
  viewOf,
} from '../domain/view';
import type { OperationQueries } from '../engine/OperationQueries';
import type { OperationRecord } from '../engine/types';
import { azureNow } from '../inventory/facts';
import {
  type Freshness,
  type Inventory,
  REFRESHED,
  SHOWN,
} from '../inventory/Inventory';
import type { KeyUsers } from '../inventory/read/KeyUsersReader';
import type { RegistryHistory } from '../inventory/rows/history';
import { personOf } from '../platform/callerOf';
import { inScope } from '../platform/config';
import type { Context } from '../platform/context';
import { isoTime } from '../platform/database/clock';
import type { ChangeTokenOf } from '../platform/signals/changeTokens';
import type { FleetReader } from './fleet/FleetReader';

const byId = (a: Registry, b: Registry) =>
  a.registryId.key < b.registryId.key ? -1 : 1;

/** The viewer of an entity's registries, and what is the same for each of them. */
interface TabViewer {
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
  others: OtherServices;
}

/** Other Azure services that use the key of a registry. Empty without a key. */
type OtherServices = Pick<RegistryEncryption, 'services' | 'servicesLookedAt'>;

/** A registry of a view, as its facts show it. */
interface ReadRegistry extends Pick<
  RegistryEncryption,
  'binding' | 'consumers' | 'consumersComplete'
> {
  others: OtherServices;
  id: RegistryId;
  fact: Extract<Fact<Registry>, { known: true }>;
  bundle: RegistryFactBundle;
  view: RegistryView;
  /** Owners who may be asked for a restore, as the viewer may see them; one without, for the groups alone. */
  owners: readonly (string | undefined)[];
}

/** Work of people on a registry. */
interface Work {
  /** The operation in progress, if the viewer may see it. */
  runningOperationId?: string;
  /** The revoke behind the state `revoked`. */
  revoke?: OperationRecord;
  /** Whether the viewer may see that. */
  isRevokeShown: boolean;
  history: RegistryHistory;
}

interface RegistryViewsParts {
  inventory: Pick<Inventory, 'look' | 'users' | 'historiesOf'>;
  operations: Pick<
    OperationQueries,
    'holdersOf' | 'revokesBehind' | 'withPendingRevoke'
  >;
  catalog: CatalogLinks;
  permissionChecker: PermissionChecker;
  mayRead: Pick<MayRead, 'among'>;
  fleet: Pick<FleetReader, 'visibleScopeOf' | 'idsWithin' | 'namedBy'>;
  changeTokenOf: ChangeTokenOf;
  /** Campaigns that are to change registries of an entity, for readers of the entity. */
  campaignsOf(entityRef: string): Promise<EntityCampaign[]>;
}

/** The encryption of registries, as a person may see it: on the tab of an entity, and on the fleet's page of one. */
export class RegistryViews {
  readonly #context: Pick<Context, 'azure' | 'clock' | 'config'>;
  readonly #parts: RegistryViewsParts;

  constructor(
    context: Pick<Context, 'azure' | 'clock' | 'config'>,
    parts: RegistryViewsParts,
  ) {
    this.#context = context;
    this.#parts = parts;
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
    const { catalog, permissionChecker } = this.#parts;
    const refs = await catalog.around(entity);
    // As the plugin, beside the question which of them the viewer may see: the catalog would ask it once more.
    const [may, found, now] = await Promise.all([
      permissionChecker.ofView(refs, credentials),
      catalog.entitiesAsPlugin(refs),
      this.#context.clock.now(),
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
      throw permissionChecker.missing(
        { permission: registryReadPermission, entityRef },
        'entityRef',
      );
    }
    const viewer: TabViewer = {
      entityRef,
      freshness: { ...(options.refresh ? REFRESHED : SHOWN), now },
      permissions: may.actions,
      credentials,
      entities,
      named: named.flatMap(one => ('id' in one ? [one.id] : [])),
      users: new Map(),
      now,
    };
    const [campaigns, ...read] = await Promise.all([
      this.#parts.campaignsOf(entityRef),
      ...named.map(one =>
        'id' in one
          ? this.#readForTab(one.id, viewer)
          : unreadable(one.text, 'invalid-id', one.problem),
      ),
    ]);
    return {
      entityRef,
      registries: await this.#presentOnTab(read, viewer),
      ...(campaigns.length > 0 && { campaigns }),
    };
  }

  /**
   * One registry of the fleet, even if no entity names it.
   *
   * @param options.refresh - a person requested newer facts
   * @throws RegistryUnknown when it does not exist, or the caller may not see it
   */
  async registry(
    id: RegistryId,
    credentials: BackstageCredentials,
    options: { refresh: boolean },
  ): Promise<FleetRegistryView> {
    const { fleet, inventory } = this.#parts;
    const visibleScope = await fleet.visibleScopeOf(credentials);
    const isVisible = await fleet.idsWithin(visibleScope, [id.key]);
    if (!isVisible.has(id.key)) throw new RegistryUnknown(id.toString());
    const now = await this.#context.clock.now();
    const freshness = { ...(options.refresh ? REFRESHED : SHOWN), now };
    const { registry: fact, ...gather } = await inventory.look(id, freshness);
    const key = fact.known ? fact.value.key : undefined;
    const found =
      fact.known && key
        ? await inventory.users.known(key, { known: fact.value, now })
        : undefined;
    const { inScope: users, complete } = found ?? {
      inScope: [],
      complete: true,
    };
    const visible = await fleet.idsWithin(
      visibleScope,
      users.map(({ registryId }) => registryId.key),
    );
    const namedBy = await fleet.namedBy([id.key, ...visible], credentials);
    const { entities, hiddenEntities } = namedBy(id.key);
    if (!fact.known) {
      const registry = unreadableView(id.toString(), fact.problem);
      return { registry, entities, hiddenEntities };
    }
    const consumers = users.filter(({ registryId }) =>
      visible.has(registryId.key),
    );
    const [bundle, others] = await Promise.all([
      gather.bundle(fact.value),
      key && found ? this.#otherServices(key, found, { credentials }) : {},
    ]);
    const read: ReadRegistry = {
      id,
      fact,
      bundle,
      view: viewOf(bundle, azureNow(fact, now)),
      binding: {
        proven: false,
        message:
          'This page checks no link. To change the registry, open the Encryption tab of an entity that names it.',
      },
      consumers: consumersOf(consumers, {
        self: id,
        behind: user => {
          const behind = namedBy(user.key);
          return { visible: behind.entities, hidden: behind.hiddenEntities };
        },
      }),
      consumersComplete: complete && users.length === consumers.length,
      others,
      owners: [...entities.map(({ owner }) => owner), undefined],
    };
    const workOn = await this.#workOn([read], {
      credentials,
      seesWholeFleet: visibleScope.of === 'everything',
    });
    const work = workOn(id);
    return {
      registry: {
        ...this.#present(read, { work, now }),
        history: work.history.events,
        actions: [],
      },
      entities,
      hiddenEntities,
    };
  }

  async #readForTab(
    id: RegistryId,
    viewer: TabViewer,
  ): Promise<ReadRegistry | UnreadableRegistry> {
    const { config } = this.#context;
    if (!inScope(config.scopes, id)) {
      return unreadable(id.toString(), 'out-of-scope', outOfScope(id));
    }
    const { registry: fact, ...gather } = await this.#parts.inventory.look(
      id,
      viewer.freshness,
    );
    const unlinked = unlinkedReason(
      viewer.entityRef,
      {
        id: id.toString(),
        name: id.name,
        tags: fact.known ? fact.value.tags : undefined,
      },
      config,
    );
    if (unlinked) return unreadable(id.toString(), 'denied', unlinked);
    if (!fact.known) return unreadableView(id.toString(), fact.problem);
    const [bundle, consumers, binding] = await Promise.all([
      gather.bundle(fact.value),
      this.#consumers(fact.value, viewer),
      bindingShownTo(viewer.entityRef, fact.value, {
        bindings: config.bindings,
        visibleAmong: refs =>
          this.#parts.catalog.visibleAmong(
            refs,
            viewer.credentials,
            viewer.entities,
          ),
      }),
    ]);
    const own = consumers.consumers
      .flatMap(({ entities }) => entities)
      .find(({ entityRef }) => entityRef === viewer.entityRef);
    return {
      id,
      fact,
      bundle,
      view: viewOf(bundle, azureNow(fact, viewer.now)),
      binding,
      ...consumers,
      owners: [own?.owner],
    };
  }

  /** Registries in scope that use the same key, as they are known, and whether that is all of them. */
  async #consumers(
    registry: Registry,
    viewer: TabViewer,
  ): Promise<Pick<ReadRegistry, 'consumers' | 'consumersComplete' | 'others'>> {
    const { key, registryId } = registry;
    if (!key) return { consumers: [], consumersComplete: true, others: {} };
    const found = viewer.users.get(key.keyOfKey) ?? this.#usersOf(key, viewer);
    viewer.users.set(key.keyOfKey, found);
    const { users, complete, behind, others } = await found;
    const besides = users.filter(user => !user.registryId.equals(registryId));
    return {
      // It was just read.
      consumers: consumersOf([...besides, registry].sort(byId), {
        self: registryId,
        behind,
      }),
      consumersComplete: complete,
      others,
    };
  }

  async #usersOf(
    key: KeyIdentifier,
    { credentials, entities, named, now }: TabViewer,
  ): Promise<KeyUsersOfView> {
    const { inventory, catalog } = this.#parts;
    const found = await inventory.users.known(key, { now });
    const { inScope: users, complete } = found;
    const behind = await catalog.entitiesBehind(
      [...users.map(({ registryId }) => registryId), ...named],
      credentials,
      entities,
    );
    const others = await this.#otherServices(key, found, {
      credentials,
      entities,
    });
    return { users, complete, behind, others };
  }

  /** Other Azure services that use a key, as a viewer may see them. */
  async #otherServices(
    key: KeyIdentifier,
    known: Pick<KeyUsers, 'services' | 'lookedAt'>,
    viewer: Pick<TabViewer, 'credentials'> & Partial<TabViewer>,
  ): Promise<OtherServices> {
    const services = servicesOf(known.services, new Set([key.keyOfKey]));
    const behind = await this.#parts.catalog.entitiesInTags(
      entitiesOfServices(services),
      viewer.credentials,
      viewer.entities,
    );
    return {
      services: presentServices(services, behind),
      servicesLookedAt: presentLookedAt(known.lookedAt),
    };
  }

  async #presentOnTab(
    read: readonly (ReadRegistry | UnreadableRegistry)[],
    viewer: TabViewer,
  ): Promise<EntityRegistries['registries']> {
    const registries = read.flatMap(one => ('view' in one ? [one] : []));
    // Without the link nothing is offered.
    const restorable = registries.filter(
      ({ binding }) => binding.proven && viewer.permissions.restore.granted,
    );
    const [workOn, pending] = await Promise.all([
      this.#workOn(registries, {
        credentials: viewer.credentials,
        reads: viewer.entityRef,
      }),
      restorable.length > 0
        ? this.#parts.operations.withPendingRevoke(
            restorable.map(({ id }) => id),
          )
        : new Set<string>(),
    ]);
    return read.map(one =>
      'view' in one
        ? this.#onTab(one, viewer, {
            ...workOn(one.id),
            hasPendingRevoke: pending.has(one.id.key),
          })
        : one,
    );
  }

  #onTab(
    read: ReadRegistry,
    viewer: TabViewer,
    work: Work & { hasPendingRevoke: boolean },
  ): RegistryEncryption {
    const { id, view, binding, fact } = read;
    const { azure, config } = this.#context;
    const shown = this.#present(read, { work, now: viewer.now });
    const outside = binding.proven
      ? changedOutside(read, work, viewer.now)
      : undefined;
    const offer = {
      isPerson: personOf(viewer.credentials) !== undefined,
      state: shown.state,
      access: keyAccessOf(view.findings),
      hasOtherIdentity: hasOtherIdentity(fact.value),
      binding,
      permissions: viewer.permissions,
      credentials: {
        rotate: azure.has('rotate'),
        revoke: azure.has('revoke'),
      },
      runningOperationId: work.runningOperationId,
      hasPendingRevoke: work.hasPendingRevoke,
      allows: config.allows,
      hasOldVersion: hasOldVersion(view),
    };
    return {
      ...shown,
      ...(outside && { changedOutside: outside }),
      ...(binding.proven && { history: work.history.events }),
      changeToken: this.#parts.changeTokenOf(id),
      actions: ACTIONS.map(action => offerOf(action, offer)),
    };
  }

  /** A registry with what people do to it. Nothing says how to undo a revoke on purpose by hand. */
  #present(
    {
      id,
      fact,
      bundle,
      view,
      binding,
      consumers,
      consumersComplete,
      others,
      owners,
    }: ReadRegistry,
    { work, now }: { work: Work; now: number },
  ): Omit<RegistryEncryption, 'actions'> {
    const { revoke, isRevokeShown, runningOperationId } = work;
    const revoked = revoke && isRevokeShown && revokedBy(revoke, id);
    return {
      ...view,
      ...(revoked && {
        state: {
          ...view.state,
          revoked: { ...revoked, askedOf: this.#restorersAmong(owners) },
        },
      }),
      ...(revoke && { findings: withoutUndo(view.findings) }),
      binding,
      runningOperationId: runningOperationId ?? null,
      freshness: freshnessOf(fact, bundle, now),
      consumers,
      consumersComplete,
      ...others,
    };
  }

  /** Work of people on the registries of a view, as the viewer may see it: asked once for all of them. */
  async #workOn(
    registries: readonly ReadRegistry[],
    viewer: OperationViewer,
  ): Promise<(id: RegistryId) => Work> {
    const { inventory, operations, mayRead } = this.#parts;
    const ids = registries.map(({ id }) => id.key);
    const revoked = registries.filter(
      ({ view }) => view.state.id === 'revoked',
    );
    const [histories, holders, revokes] = await Promise.all([
      inventory.historiesOf(ids),
      operations.holdersOf(ids),
      revoked.length > 0
        ? operations.revokesBehind(revoked.map(({ id }) => id.key))
        : new Map<string, OperationRecord>(),
    ]);
    const visible = await mayRead.among(
      [...holders.values(), ...revokes.values()],
      viewer,
    );
    const isVisible = new Set(visible.map(operation => operation.id));
    return ({ key }) => {
      const running = holders.get(key);
      const revoke = revokes.get(key);
      return {
        ...(running &&
          isVisible.has(running.id) && { runningOperationId: running.id }),
        revoke,
        isRevokeShown: revoke !== undefined && isVisible.has(revoke.id),
        history: histories.get(key) ?? { events: [] },
      };
    };
  }

  /** Approvers that `acrCmk.approvers` names for a restore, for each of these owners. */
  #restorersAmong(owners: ReadRegistry['owners']): string[] {
    const permission = keyRestorePermission.name;
    const asked = owners.flatMap(owner =>
      askedOf(this.#context.config.approvers, { permission, owner }),
    );
    return [...new Set(asked)];
  }
}

function unreadable(
  text: string,
  reason: UnreadableReason,
  message: string,
): UnreadableRegistry {
  return { kind: 'unreadable', text, reason, message };
}

/** The last change that no operation of this portal made, since its own last one. */
function changedOutside(
  { view }: ReadRegistry,
  { revoke, history: { events, ownChangeAt = -1, stateSince } }: Work,
  now: number,
): ChangedOutside | undefined {
  const since = events.filter(({ seenAt }) => Date.parse(seenAt) > ownChangeAt);
  const change = since.find(({ changes = [] }) =>
    changes.some(({ what }) => what !== 'followed'),
  );
  const what = (change?.changes ?? []).flatMap(each =>
    each.what === 'followed' ? [] : each.what,
  );
  if (view.state.id === 'revoked' && !revoke) {
    // While the state was not known in between, it may have been the same.
    const states = since.filter(({ state }) => state && state !== 'unknown');
    const other = states.findIndex(({ state }) => state !== 'revoked');
    const first = states.slice(0, other < 0 ? undefined : other).at(-1);
    const goneAt = first?.seenAt ?? isoTime(stateSince ?? now);
    return {
      what: [...what, 'access'],
      noticedAt: change && change.seenAt > goneAt ? change.seenAt : goneAt,
    };
  }
  return (
    change && {
      what,
      noticedAt: change.seenAt,
      ...(change.lastModified && { lastModified: change.lastModified }),
    }
  );
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
