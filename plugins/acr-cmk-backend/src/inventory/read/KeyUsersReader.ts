import type {
  AzureProblem,
  Fact,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import {
  type Consumer,
  type LookedAt,
  NOT_LOOKED_AT,
} from '../../domain/consumers/consumer';
import type { Concerns } from '../../domain/effects';
import { principalOf } from '../../domain/encryptedRegistry';
import { isMissing } from '../../domain/isMissing';
import type { Registry } from '../../domain/registry';
import type { Freshness } from './FactReader';
import { inBatches } from './inBatches';
import type { Listings } from '../Listings';
import type { InventoryRows } from '../rows';
import { lower } from '../../platform/text';

/** Part of Azure that belongs to this portal. */
export interface InventoryScope {
  /** Subscriptions that are listed. */
  subscriptions: readonly string[];
  /** Is the registry inside `acrCmk.scopes`? */
  includes(id: RegistryId): boolean;
  /** Reason why there may be more subscriptions than are listed. Absent where each is named. */
  problem?: () => AzureProblem | undefined;
}

/** Several lists put together, and whether each of them could be read. */
export interface Listed<T> {
  items: T[];
  complete: boolean;
}

/** Registries and resources of other services that use certain keys, or reach them as certain principals. */
export interface KeyUsers {
  inScope: Registry[];
  elsewhere: Registry[];
  /** Are these all registries? */
  complete: boolean;
  /** Resources of other Azure services. */
  services: Consumer[];
  /** Extent of what is known about those. */
  lookedAt: LookedAt;
}

const byId = (a: Registry, b: Registry) =>
  a.registryId.key < b.registryId.key ? -1 : 1;

interface KeyUsersReaderDeps {
  rows: InventoryRows;
  scope: InventoryScope;
  listings: Listings;
  registry(id: RegistryId, freshness: Freshness): Promise<Fact<Registry>>;
}

/** Finds the registries that use a key, or reach one as a certain principal. */
export class KeyUsersReader {
  readonly #deps: KeyUsersReaderDeps;

  constructor(deps: KeyUsersReaderDeps) {
    this.#deps = deps;
  }

  /**
   * Registries that are known to use a key, as they are known: for views.
   *
   * @param options.known - one that is known to be among them, and was just read
   */
  async known(
    key: KeyIdentifier,
    { known, now }: { known?: Registry; now: number },
  ): Promise<KeyUsers> {
    const [others, { complete }] = await Promise.all([
      this.#deps.rows.registries.usersOf(key, { except: known?.registryId }),
      this.#deps.listings.completeness('registries', now),
    ]);
    const users = [...(known ? [known] : []), ...others];
    return this.#split(users.sort(byId), complete);
  }

  /**
   * Registries that use one of these keys, or reach theirs as one of these principals: each that is
   * known to is read anew, and those that no longer do are left out.
   *
   * @param options.known - one that was just read
   */
  async refreshed(
    { keys, principals }: Concerns,
    { freshness, known }: { freshness: Freshness; known?: Registry },
  ): Promise<KeyUsers> {
    // First, so that what a listing finds is among the rows.
    const { complete } = await this.#deps.listings.ensure('registries', {
      now: freshness.now,
    });
    const { registries } = this.#deps.rows;
    const [made, ...users] = await Promise.all([
      registries.unread(),
      ...keys.map(key => registries.usersOf(key)),
      ...principals.map(principal => registries.reachedAs(principal)),
    ]);
    const ids = new Map(
      [...made, ...users.flat().map(({ registryId }) => registryId)]
        .filter(id => !known?.registryId.equals(id))
        .map(id => [id.key, id]),
    );
    const facts = await inBatches([...ids.values()], id =>
      this.#deps.registry(id, freshness),
    );
    const isUnsure = facts.some(fact =>
      fact.known ? fact.refreshProblem !== undefined : !isMissing(fact),
    );
    const wantedKeys = new Set(keys.map(({ keyOfKey }) => keyOfKey));
    const wantedPrincipals = new Set(principals.map(lower));
    return this.#split(
      [
        ...(known ? [known] : []),
        ...facts.flatMap(fact => (fact.known ? [fact.value] : [])),
      ]
        .filter(
          registry =>
            registry === known ||
            (registry.key && wantedKeys.has(registry.key.keyOfKey)) ||
            wantedPrincipals.has(lower(principalOf(registry) ?? '')),
        )
        .sort(byId),
      complete && !isUnsure,
    );
  }

  #split(registries: readonly Registry[], complete: boolean): KeyUsers {
    const inScope = ({ registryId }: Registry) =>
      this.#deps.scope.includes(registryId);
    return {
      inScope: registries.filter(inScope),
      elsewhere: registries.filter(registry => !inScope(registry)),
      complete,
      services: [],
      lookedAt: NOT_LOOKED_AT,
    };
  }
}
