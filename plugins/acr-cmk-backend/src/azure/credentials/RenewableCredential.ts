import type {
  AccessToken,
  GetTokenOptions,
  TokenCredential,
} from '@azure/core-auth';
import { attemptToken, type TokenSource } from './tokenAttempt';

/**
 * A credential whose tokens can be fetched anew. The credentials of `@azure/identity` keep a token
 * until it expires, also one that Azure does not accept any more; making the credential again is the
 * one method to lose it.
 */
export class RenewableCredential implements TokenCredential {
  readonly #make: () => TokenCredential;
  readonly #source: TokenSource | undefined;
  #credential: TokenCredential;
  /** Options of the last token request. `renewed` reuses them, because other options give another token. */
  #options: Pick<GetTokenOptions, 'enableCae' | 'tenantId'> = {};

  /** @param source - keeps why a request for a token failed, for `failedAttemptOf` */
  constructor(make: () => TokenCredential, source?: TokenSource) {
    this.#make = make;
    this.#source = source;
    this.#credential = make();
  }

  /** The one that is asked now. */
  get current(): TokenCredential {
    return this.#credential;
  }

  getToken(
    scopes: string | string[],
    options?: GetTokenOptions,
  ): Promise<AccessToken | null> {
    this.#options = {
      enableCae: options?.enableCae,
      tenantId: options?.tenantId,
    };
    return this.#ask(scopes, options);
  }

  #ask(scopes: string | string[], options?: GetTokenOptions) {
    const request = () => this.#credential.getToken(scopes, options);
    return this.#source ? attemptToken(this.#source, request) : request();
  }

  /** Another token than the one that was refused, fetched when nobody has done so yet. */
  async renewed(refused: string, scope: string): Promise<string | undefined> {
    const options = this.#options;
    const known = await this.#ask(scope, options);
    if (known?.token !== refused) return known?.token;
    this.#credential = this.#make();
    return (await this.#ask(scope, options))?.token;
  }
}
