import type { IncomingMessage } from 'node:http';
import type { Assumptions, PullAssumption } from './assumptions';
import type { AssumptionSettings } from './control/assumptionSettings';
import type { Clock } from './control/clock';
import type {
  AccessPolicy,
  Key,
  Principal,
  Registry,
  Tables,
  Vault,
} from './state/model';
import type { Index, Store } from './state/store';

export type CloudName = 'public' | 'usGovernment' | 'china';

/** The Azure services that the emulator serves. */
export type Service = 'login' | 'arm' | 'vault' | 'graph' | 'registry';

/** A parsed request. */
export interface Request {
  id: string;
  service: Service;
  /** The host as the client wrote it, with a port if it gave one: absolute URLs are built from it. */
  host: string;
  method: string;
  /** Decoded, without query, empty segments and trailing slash. */
  path: string;
  /** Names in lower case, decoded: `?api%2Dversion=` arrives as `api-version`. */
  query: Map<string, string>;
  rawQuery: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  remoteAddress: string;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are, instead of a body. */
  bytes?: Buffer;
}

/** A scope of a registry's access token. */
export interface RegistryAccess {
  type: string;
  name: string;
  actions: string[];
}

/** An injected end of the operation that a request starts. */
export type OperationFault = 'fail' | 'cancel' | 'hang';

/** Everything a route needs to answer. */
export interface Call {
  azure: Azure;
  request: Request;
  params: Record<string, string>;
  caller: Principal;
  /** The scopes of the caller's access token to a registry; absent when it is not limited. */
  registryAccess?: RegistryAccess[];
  /** A fault that concerns the operation which this request starts. */
  operationFault?: OperationFault;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The permission that is checked before the handler of a route runs. */
export type Needs =
  /** No token: signing in. */
  | { kind: 'nothing' }
  /** A valid token for this service, no particular permission. */
  | { kind: 'token' }
  /** An action of ARM at a scope; the route's own path unless it says otherwise. */
  | {
      kind: 'action';
      action: string | ((call: Call) => string);
      scope?: (call: Call) => string;
    }
  /** A permission on the keys of the vault that the host names. */
  | { kind: 'key'; policy: string; action: string }
  /** Access to the registry that the host names. */
  | { kind: 'registry'; access: 'ping' | 'catalog' | 'pull' | 'metadata_read' };

export interface Route {
  service: Service;
  method: string;
  /** `{name}` is one segment, a leading `{scope*}` is any number of segments, none included. */
  path: string;
  needs: Needs;
  answer: Handler;
}

/** The tables whose documents Resource Graph copies. */
export type CopiedTable =
  | 'registries'
  | 'vaults'
  | 'identities'
  | 'genericResources';

/** The answer to a pull: the image, or a refusal. */
export type PullVerdict =
  | { serves: true }
  | { serves: false; message: string; how?: PullAssumption };

/** Settings of one emulator. */
export interface Settings {
  tenantId: string;
  cloud: CloudName;
  assumptions: AssumptionSettings;
}

/** The state of the emulated Azure, passed to every route: documents, indexes and the clock. */
export interface Azure {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly assumptions: Assumptions;
  readonly registriesByName: Index<'registries'>;
  readonly registriesByKey: Index<'registries'>;
  readonly registriesBySubscription: Index<'registries'>;
  readonly vaultsByName: Index<'vaults'>;
  readonly keysByVault: Index<'keys'>;
  readonly identitiesByClientId: Index<'identities'>;
  readonly principalsByAppId: Index<'principals'>;
  readonly assignmentsByPrincipal: Index<'roleAssignments'>;
  /** The resources as Resource Graph knows them. */
  readonly graph: {
    all<T extends CopiedTable>(table: T): Iterable<Tables[T]>;
  };
  readonly pulls: { verdict(registry: Registry): PullVerdict };
  /** The access policies in effect, which may be older than those in the document. */
  readonly policies: { inEffect(vault: Vault): AccessPolicy[] };
  /** Milliseconds that creating or updating a registry takes. */
  readonly operationMs: number;
  /** The emulator's time; while scheduled changes are applied, the time of the current change. */
  now(): number;
  /** Applies all scheduled changes that are due, in order of their due time. */
  catchUp(): void;
  /** The vault that answers under this name, once its DNS name is registered. */
  vault(name: string): Vault | undefined;
  /** The key, unless it is deleted. */
  key(vault: string, name: string): Key | undefined;
}
