import { ResponseError } from '@backstage/errors';
import { parseEntityRef } from '@backstage/catalog-model';
import { CampaignClient, type CampaignApi } from './campaigns';
import { InvalidInput } from './errors';
import { FleetClient, type FleetApi } from './fleet';
import type {
  AuditRecord,
  DoctorReport,
  InventoryStatus,
  EntityRegistries,
  IdentityChoice,
  KeyChoice,
  KeyVersionChoice,
  NameCheck,
  Operation,
  OperationRequest,
  Plan,
  PlanRequest,
  RegistryChoice,
  ResourceGroupChoice,
  VaultChoice,
} from './model';

/** A list, and whether everything that belongs to it could be read. */
export interface OptionList<T> {
  items: T[];
  complete: boolean;
}

/**
 * Registries that a form may offer.
 *
 * @public
 */
export interface RegistryChoices extends OptionList<RegistryChoice> {
  /** Whether templates may request a revoke, by `acrCmk.actions.revoke`. */
  programsMayRevoke: boolean;
}

/** Target of a choice. Without an entity: anything that the caller may use. */
export interface ChosenFor {
  entityRef?: string;
  /** Registry whose present key and identity may be chosen as well. */
  registryId?: string;
}

/** Part of `fetch` that the client uses; Backstage's `fetchApi.fetch` fits. */
export type Fetch = (
  input: string,
  init?: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    signal?: AbortSignal;
  },
) => Promise<Response>;

/** Pauses before an acceptance is sent again. Milliseconds. Our choice. */
const ACCEPT_AGAIN_MS = [1000, 2000, 4000];

/**
 * The API of the backend plugin, typed by its document.
 *
 * Every method throws Backstage's `ResponseError` for an answer that is not 2xx.
 */
export class AcrCmkClient {
  readonly #fetch: Fetch;
  readonly #baseUrl: string;
  readonly #pause: (ms: number) => Promise<void>;
  /** Registries of the whole fleet. */
  readonly fleet: FleetApi;
  /** One change to many registries. */
  readonly campaigns: CampaignApi;

  /**
   * @param options.baseUrl - of the plugin, without a trailing slash; in a frontend
   *   `plugin://acr-cmk`, which is the default
   */
  constructor(options: {
    fetch: Fetch;
    baseUrl?: string;
    /** Waits before a request is repeated. Default: the machine's timer. */
    pause?: (ms: number) => Promise<void>;
  }) {
    this.#fetch = options.fetch;
    this.#baseUrl = options.baseUrl ?? 'plugin://acr-cmk';
    this.#pause =
      options.pause ?? (ms => new Promise(done => setTimeout(done, ms)));
    this.fleet = new FleetClient((path, init) => this.#response(path, init));
    this.campaigns = new CampaignClient({
      get: (path, init) => this.#response(path, init),
      post: (path, body, init) =>
        this.#response(path, { ...post(body), ...init }),
    });
  }

  /** The encryption of every registry that the entity names. */
  async registriesOf(
    entityRef: string,
    options: { refresh?: boolean; signal?: AbortSignal } = {},
  ): Promise<EntityRegistries> {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    const parts = [kind, namespace, name];
    // A part of dots alone would climb in the path of the URL.
    if (parts.some(part => /^\.+$/.test(part))) {
      throw new InvalidInput(
        'entityRef',
        'must be a full entity ref such as resource:default/shop-images',
      );
    }
    const path = parts.map(encodeURIComponent).join('/');
    const query = options.refresh ? '?refresh=true' : '';
    return this.#json(`/v1/entities/${path}/registries${query}`, {
      signal: options.signal,
    });
  }

  /** Plans an intent. Writes nothing to Azure. */
  async plan(request: PlanRequest): Promise<Plan> {
    return this.#json('/v1/plans', post(request));
  }

  /**
   * Accepts a plan. Returns as soon as the operation is durable. While the outcome is unknown, the request is
   * repeated: its idempotency key makes one operation of all.
   */
  async accept(request: OperationRequest): Promise<Operation> {
    for (const waitMs of ACCEPT_AGAIN_MS) {
      try {
        return await this.#json('/v1/operations', post(request));
      } catch (error) {
        if (!isOutcomeUnknown(error)) throw error;
        await this.#pause(waitMs);
      }
    }
    return this.#json('/v1/operations', post(request));
  }

  async operation(
    id: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<Operation> {
    return this.#json(`/v1/operations/${encodeURIComponent(id)}`, options);
  }

  /** Newest first. */
  async operations(
    of: { entityRef: string; registryId?: string; limit?: number },
    options: { signal?: AbortSignal } = {},
  ): Promise<Operation[]> {
    const query = new URLSearchParams({ entityRef: of.entityRef });
    if (of.registryId) query.set('registryId', of.registryId);
    if (of.limit) query.set('limit', String(of.limit));
    const { items } = await this.#json<{ items: Operation[] }>(
      `/v1/operations?${query}`,
      options,
    );
    return items;
  }

  /** Stops an operation that has not written to Azure yet. */
  async cancel(id: string, reason: string): Promise<Operation> {
    return this.#decide(id, 'cancel', { reason });
  }

  /**
   * Approves someone else's operation.
   *
   * @param planHash - of the plan that was read
   */
  async approve(
    id: string,
    planHash: string,
    confirmation?: string,
  ): Promise<Operation> {
    return this.#decide(id, 'approve', { planHash, confirmation });
  }

  /** Rejects someone else's operation. */
  async reject(id: string, reason: string): Promise<Operation> {
    return this.#decide(id, 'reject', { reason });
  }

  /** Keeps revoked what would be restored automatically. */
  async confirm(id: string, reason: string): Promise<Operation> {
    return this.#decide(id, 'confirm', { reason });
  }

  /** Vaults whose keys may be chosen. */
  async vaults(
    options: ChosenFor & { signal?: AbortSignal } = {},
  ): Promise<OptionList<VaultChoice>> {
    return this.#json(`/v1/vaults${queryOf(options)}`, {
      signal: options.signal,
    });
  }

  /** Keys of a vault, of types that a registry can use. */
  async keys(
    vaultName: string,
    options: ChosenFor & { signal?: AbortSignal } = {},
  ): Promise<KeyChoice[]> {
    const { items } = await this.#json<{ items: KeyChoice[] }>(
      `/v1/vaults/${encodeURIComponent(vaultName)}/keys${queryOf(options)}`,
      { signal: options.signal },
    );
    return items;
  }

  /** Versions of a key that may be chosen, newest first. */
  async keyVersions(
    { vaultName, keyName }: { vaultName: string; keyName: string },
    options: ChosenFor & { signal?: AbortSignal } = {},
  ): Promise<KeyVersionChoice[]> {
    const { items } = await this.#json<{ items: KeyVersionChoice[] }>(
      `${keyPath(vaultName, keyName)}/versions${queryOf(options)}`,
      { signal: options.signal },
    );
    return items;
  }

  /** Checks whether the name is free for a new key of the vault, soft-deleted keys included. */
  async checkKeyName(
    { vaultName, keyName }: { vaultName: string; keyName: string },
    options: { signal?: AbortSignal } = {},
  ): Promise<NameCheck> {
    return this.#json(`${keyPath(vaultName, keyName)}/name`, options);
  }

  /**
   * Checks whether the name is free for a new registry in all of Azure.
   *
   * @param registryId - the ARM id that it would have
   */
  async checkRegistryName(
    registryId: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<NameCheck> {
    const query = new URLSearchParams({ registryId });
    return this.#json(`/v1/registry-name?${query}`, options);
  }

  /** Resource groups in which a registry may be created, the open ones first. */
  async resourceGroups(
    options: { signal?: AbortSignal } = {},
  ): Promise<OptionList<ResourceGroupChoice>> {
    return this.#json('/v1/resource-groups', options);
  }

  /** User-assigned identities that may be chosen. */
  async identities(
    options: ChosenFor & { signal?: AbortSignal } = {},
  ): Promise<OptionList<IdentityChoice>> {
    return this.#json(`/v1/identities${queryOf(options)}`, {
      signal: options.signal,
    });
  }

  /** Registries of the entities that the caller may see. */
  async registries(
    options: { signal?: AbortSignal } = {},
  ): Promise<RegistryChoices> {
    return this.#json('/v1/registries', options);
  }

  /** Audit record, oldest first. */
  async audit(
    of: { after?: number; limit?: number } = {},
    options: { signal?: AbortSignal } = {},
  ): Promise<AuditRecord[]> {
    const query = new URLSearchParams();
    if (of.after !== undefined) query.set('after', String(of.after));
    if (of.limit !== undefined) query.set('limit', String(of.limit));
    const { items } = await this.#json<{ items: AuditRecord[] }>(
      `/v1/audit?${query}`,
      options,
    );
    return items;
  }

  /** Checks the set-up of this installation. Takes seconds: it queries Azure. */
  async doctor(options: { signal?: AbortSignal } = {}): Promise<DoctorReport> {
    return this.#json('/v1/doctor', options);
  }

  /** Content, age and gaps of the inventory. */
  async inventoryStatus(
    options: { signal?: AbortSignal } = {},
  ): Promise<InventoryStatus> {
    return this.#json('/v1/inventory/status', options);
  }

  /** Schedules a full listing within a minute. */
  async syncInventory(): Promise<InventoryStatus> {
    return this.#json('/v1/inventory/sync', { method: 'POST' });
  }

  /**
   * The response whose body is the stream of server-sent events of an operation.
   *
   * @param lastRevision - only what is newer is sent
   */
  async events(
    id: string,
    options: { lastRevision?: number; signal?: AbortSignal } = {},
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (options.lastRevision !== undefined) {
      headers['Last-Event-ID'] = String(options.lastRevision);
    }
    return this.#response(`/v1/operations/${encodeURIComponent(id)}/events`, {
      headers,
      signal: options.signal,
    });
  }

  async #decide(
    id: string,
    what: 'approve' | 'reject' | 'cancel' | 'confirm',
    body: object,
  ): Promise<Operation> {
    return this.#json(
      `/v1/operations/${encodeURIComponent(id)}/${what}`,
      post(body),
    );
  }

  async #json<T>(path: string, init: Parameters<Fetch>[1]): Promise<T> {
    const response = await this.#response(path, init);
    return response.json() as Promise<T>;
  }

  async #response(path: string, init: Parameters<Fetch>[1]): Promise<Response> {
    const response = await this.#fetch(`${this.#baseUrl}${path}`, init);
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }
}

/** The answer was lost on the way, or the backend itself does not know. */
function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof ResponseError)) return error instanceof TypeError;
  const { code } = error.body.error as { code?: unknown };
  return code === 'ACCEPTANCE_UNKNOWN';
}

function keyPath(vaultName: string, keyName: string): string {
  return `/v1/vaults/${encodeURIComponent(vaultName)}/keys/${encodeURIComponent(
    keyName,
  )}`;
}

function queryOf({ entityRef, registryId }: ChosenFor): string {
  const query = new URLSearchParams({
    ...(entityRef && { entityRef }),
    ...(registryId && { registryId }),
  });
  return query.size > 0 ? `?${query}` : '';
}

function post(body: unknown) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}
