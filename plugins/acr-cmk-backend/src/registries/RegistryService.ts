import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type ActionId,
  type EntityRegistries,
  type RegistryEncryption,
  type RegistryId,
  registryReadPermission,
  type RegistryState,
  type UnreadableReason,
  type UnreadableRegistry,
} from 'backstage-plugin-acr-cmk-common';
import { isCaller } from '../authority/deciders';
import type { PermissionChecker } from '../authority/PermissionChecker';
import { outOfScope } from '../authority/scope';
import type { AzurePorts } from '../azure/ports';
import { bindingShownTo } from '../catalog/binding';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import { consumersOf } from '../catalog/consumersOf';
import { ACTIONS, offerOf } from '../cmk/offers';
import { keyAccessOf } from '../cmk/keyAccess';
import type { Registry } from '../cmk/registry';
import { freshnessOf, viewOf } from '../cmk/view';
import { type AcrCmkConfig, inScope } from '../config';
import { type Clock, isoTime } from '../database/clock';
import { azureNow } from '../inventory/facts';
import {
  type Freshness,
  type Inventory,
  REFRESHED,
  SHOWN,
} from '../inventory/Inventory';
import { toPulls } from '../operations/toOperation';
import type { OperationStore } from '../operations/engine/OperationStore';
import type { OperationRecord } from '../operations/engine/types';
import type { ChangeTokenOf } from '../signals/changeTokens';

/** What depends on who looks, and is the same for each registry of an entity. */
interface Viewer {
  entityRef: string;
  freshness: Freshness;
  permissions: Record<ActionId, { name: string; granted: boolean }>;
  credentials: BackstageCredentials;
  /** Our time when they looked, epoch milliseconds. */
  now: number;
}

/** Who asks what people did to a registry. */
interface OperationViewer {
  id: RegistryId;
  /** Is their entity linked to it? */
  isLinked: boolean;
  credentials: BackstageCredentials;
}

/** The encryption of registries, as a person may see it. */
export class RegistryService {
  readonly #config: Pick<AcrCmkConfig, 'scopes' | 'bindings' | 'allows'>;
  readonly #clock: Clock;
  readonly #azure: Pick<AzurePorts, 'has'>;
  readonly #inventory: Inventory;
  readonly #operations: Pick<
    OperationStore,
    'get' | 'hasPendingRevoke' | 'holderOf' | 'revokeBehind'
  >;
  readonly #catalog: CatalogLinks;
  readonly #permissionChecker: PermissionChecker;
  readonly #changeTokenOf: ChangeTokenOf;

  constructor(options: {
    config: Pick<AcrCmkConfig, 'scopes' | 'bindings' | 'allows'>;
    clock: Clock;
    azure: Pick<AzurePorts, 'has'>;
    inventory: Inventory;
    operations: Pick<
      OperationStore,
      'get' | 'hasPendingRevoke' | 'holderOf' | 'revokeBehind'
    >;
    catalog: CatalogLinks;
    permissionChecker: PermissionChecker;
    changeTokenOf: ChangeTokenOf;
  }) {
    this.#config = options.config;
    this.#clock = options.clock;
    this.#azure = options.azure;
    this.#inventory = options.inventory;
    this.#operations = options.operations;
    this.#catalog = options.catalog;
    this.#permissionChecker = options.permissionChecker;
    this.#changeTokenOf = options.changeTokenOf;
  }

  /**
   * The encryption of every registry that an entity names.
   *
   * @param options.refresh - a person asked for newer facts
   */
  async registriesOf(
    entity: string,
    credentials: BackstageCredentials,
    options: { refresh: boolean },
  ): Promise<EntityRegistries> {
    const { entityRef, named } = await this.#catalog.registriesOf(
      entity,
      credentials,
    );
    await this.#permissionChecker.require(
      { permission: registryReadPermission, entityRef },
      credentials,
    );
    const now = await this.#clock.now();
    const freshness = { ...(options.refresh ? REFRESHED : SHOWN), now };
    const viewer: Viewer = {
      entityRef,
      freshness,
      permissions: await this.#permissionChecker.ofActions(
        entityRef,
        credentials,
      ),
      credentials,
      now,
    };
    return {
      entityRef,
      registries: await Promise.all(
        named.map(one =>
          'id' in one
            ? this.#registry(one.id, viewer)
            : unreadable(one.text, 'invalid-id', one.problem),
        ),
      ),
    };
  }

  async #registry(
    id: RegistryId,
    viewer: Viewer,
  ): Promise<RegistryEncryption | UnreadableRegistry> {
    if (!inScope(this.#config.scopes, id)) {
      return unreadable(id.toString(), 'out-of-scope', outOfScope(id));
    }
    const { registry, bundle: gather } = await this.#inventory.look(
      id,
      viewer.freshness,
    );
    if (!registry.known) {
      const { kind, message } = registry.problem;
      const reason: UnreadableReason =
        kind === 'denied' || kind === 'not-found' ? kind : 'unavailable';
      return unreadable(id.toString(), reason, message);
    }
    const { value } = registry;
    const [bundle, consumers] = await Promise.all([
      gather(value),
      this.#consumers(value, viewer),
    ]);
    const { now } = viewer;
    const view = viewOf(bundle, azureNow(registry, now));
    const binding = await bindingShownTo(viewer.entityRef, value, {
      bindings: this.#config.bindings,
      visibleAmong: refs =>
        this.#catalog.visibleAmong(refs, viewer.credentials),
    });
    const operationViewer: OperationViewer = {
      id,
      isLinked: binding.proven,
      credentials: viewer.credentials,
    };
    const runningOperationId = await this.#runningOperation(operationViewer);
    const state = await this.#withAuthor(view.state, operationViewer);
    const offer = {
      state,
      access: keyAccessOf(view.findings),
      hasOtherIdentity: hasOtherIdentity(value),
      binding,
      permissions: viewer.permissions,
      credentials: {
        rotate: this.#azure.has('rotate'),
        revoke: this.#azure.has('revoke'),
      },
      runningOperationId,
      // Without the link nothing is offered, and nothing of what people did is shown.
      hasPendingRevoke:
        binding.proven && (await this.#operations.hasPendingRevoke(id)),
      allows: this.#config.allows,
      hasOldVersion: hasOldVersion(view),
    };
    return {
      ...view,
      state,
      binding,
      runningOperationId: runningOperationId ?? null,
      changeToken: this.#changeTokenOf(id),
      freshness: freshnessOf(registry, bundle, now),
      ...consumers,
      actions: ACTIONS.map(action => offerOf(action, offer)),
    };
  }

  /** Registries in scope that use the same key, as they are known, and whether that is all of them. */
  async #consumers(
    registry: Registry,
    { credentials, now }: Viewer,
  ): Promise<Pick<RegistryEncryption, 'consumers' | 'consumersComplete'>> {
    const { key, registryId } = registry;
    if (!key) return { consumers: [], consumersComplete: true };
    const { inScope: users, complete } = await this.#inventory.knownUsersOf(
      key,
      { known: registry, now },
    );
    const behind = await this.#catalog.entitiesBehind(
      users.map(user => user.registryId),
      credentials,
    );
    return {
      consumers: consumersOf(users, { self: registryId, behind }),
      consumersComplete: complete,
    };
  }

  /** The operation that is in progress on a registry, for those who may see it. */
  async #runningOperation(of: OperationViewer): Promise<string | undefined> {
    const holder = await this.#operations.holderOf([of.id.key]);
    if (!holder || of.isLinked) return holder?.operationId;
    const operation = await this.#operations.get(holder.operationId);
    return operation && (await this.#maySee(operation, of))
      ? operation.id
      : undefined;
  }

  /** Those whose entity is linked may; an entity that only names the registry entitles nobody. */
  async #maySee(
    {
      entityRef,
      requestedBy,
    }: Pick<OperationRecord, 'entityRef' | 'requestedBy'>,
    { isLinked, credentials }: OperationViewer,
  ): Promise<boolean> {
    return (
      isLinked ||
      isCaller(credentials, requestedBy) ||
      (await this.#permissionChecker.granted(
        { permission: registryReadPermission, entityRef },
        credentials,
      ))
    );
  }

  /** Of a registry that is revoked: who did it here, why, and until when, whichever registry they named. */
  async #withAuthor(
    state: RegistryState,
    of: OperationViewer,
  ): Promise<RegistryState> {
    const { id } = of;
    if (state.id !== 'revoked') return state;
    const revoke = await this.#operations.revokeBehind(id);
    if (!revoke?.startedAt || !(await this.#maySee(revoke, of))) return state;
    const { requestedBy } = revoke;
    return {
      ...state,
      revoked: {
        operationId: revoke.id,
        by: requestedBy,
        reason: revoke.reason,
        at: isoTime(revoke.startedAt),
        ...(revoke.registryId.equals(id)
          ? {}
          : { registryName: revoke.plan.registryName }),
        ...(revoke.pulls && revoke.registryId.equals(id)
          ? { pulls: toPulls(revoke.pulls) }
          : {}),
        ...(revoke.restoresAt === undefined
          ? {}
          : { restoresAt: isoTime(revoke.restoresAt) }),
      },
    };
  }
}

function unreadable(
  text: string,
  reason: UnreadableReason,
  message: string,
): UnreadableRegistry {
  return { kind: 'unreadable', text, reason, message };
}

/** Is an identity attached or on that exists, beside the one that the encryption uses? */
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

/** Is there an enabled version that is neither in use nor the latest? */
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
