import { ResponseError } from '@backstage/errors';
import type { Fetch } from './AcrCmkClient';
import { fleetQuery } from './fleet';
import type { InventoryRegistries } from './model';

/** One page of registries. */
export interface InventoryPage {
  /** Names of tags to answer with; none by default. */
  tags?: readonly string[];
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** 500 by default, at most 1000. */
  limit?: number;
}

/** Client for the endpoints that only the catalog plugin may call. */
export class InventoryClient {
  readonly #fetch: Fetch;
  readonly #baseUrl: string;

  /** @param options.baseUrl - of the plugin, without a trailing slash */
  constructor(options: { fetch: Fetch; baseUrl: string }) {
    this.#fetch = options.fetch;
    this.#baseUrl = options.baseUrl;
  }

  /**
   * One page of what identifies each registry in scope.
   *
   * @throws ResponseError for an answer that is not 2xx
   */
  async registries({
    tags,
    cursor,
    limit,
  }: InventoryPage): Promise<InventoryRegistries> {
    const response = await this.#fetch(
      `${this.#baseUrl}/v1/inventory/registries?${fleetQuery({ tags, cursor, limit })}`,
    );
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response.json() as Promise<InventoryRegistries>;
  }
}
