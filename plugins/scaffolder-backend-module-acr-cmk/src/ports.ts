import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';

/** Waits a while, or less when the signal is given. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Dependencies of the actions. */
export interface Ports {
  auth: Pick<AuthService, 'isPrincipal' | 'getPluginRequestToken'>;
  discovery: Pick<DiscoveryService, 'getBaseUrl'>;
  fetch: typeof fetch;
  sleep: Sleep;
}
