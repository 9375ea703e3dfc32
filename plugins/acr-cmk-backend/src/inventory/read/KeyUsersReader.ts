import type {
  AzureProblem,
  Fact,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import type { AzurePorts } from '../../azure/ports';
import type { Consumer, LookedAt } from '../../domain/consumers/consumer';
import { CONSUMER_QUERY } from '../../domain/consumers/consumerOfRow';
import type { AzureAnswer } from '../../azure/transport/answer';
import type { Concerns } from '../../domain/effects';
import { principalOf } from '../../domain/encryptedRegistry';
import { isMissing } from '../../domain/isMissing';
import type { Registry } from '../../domain/registry';
import type { ConsumerRights } from '../consumerRights';
import { lookedAtOf } from '../lookedAt';
import { batchesOf } from '../../platform/database/batches';
import type { FactReader, Freshness } from './FactReader';
import { inBatches } from './inBatches';
import type { Listings } from '../Listings';
import type { InventoryRows } from '../rows';
import type { KeyName } from '../rows/consumers';
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

/** Subscriptions in one query of Resource Graph. */
const SUBSCRIPTIONS_OF_A_QUERY = 300;

const byId = (a: Registry, b: Registry) =>
  a.registryId.key < b.registryId.key ? -1 : 1;

interface KeyUsersReaderDeps {
  rows: InventoryRows;
  scope: InventoryScope;
  listings: Listings;
  rights: Pick<ConsumerRights, 'known'>;
  reader: FactReader;
  azure: Pick<AzurePorts, 'resourceGraph'>;
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
    const { rows, listings } = this.#deps;
    const [others, { complete }, services] = await Promise.all([
      rows.registries.usersOf(key, { except: known?.registryId }),
      listings.completeness('registries', now),
      this.services([key], now),
    ]);
    const users = [...(known ? [known] : []), ...others];
    return { ...this.#split(users.sort(byId), complete), ...services };
  }

  /** Resources of other services that are known to use one of these keys, as they are known: for views. */
  async services(
    keys: readonly KeyName[],
    now?: number,
  ): Promise<Pick<KeyUsers, 'services' | 'lookedAt'>> {
    const [services, lookedAt] = await Promise.all([
      this.#deps.rows.consumers.usersOf(keys),
      this.#lookedAt(now),
    ]);
    return { services, lookedAt };
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
    const shown = this.#split(
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
    const problem = await this.#askForConsumers(keys, freshness);
    const [services, lookedAt] = await Promise.all([
      this.#deps.rows.consumers.usersOf(keys, principals),
      this.#lookedAt(freshness.now, problem),
    ]);
    return { ...shown, services, lookedAt };
  }

  /**
   * Keeps the resources of other services that name the vaults of these keys now: one may have appeared since the last
   * sweep.
   *
   * @returns the problem that kept Azure from answering
   */
  async #askForConsumers(
    keys: readonly KeyIdentifier[],
    freshness: Freshness,
  ): Promise<string | undefined> {
    const hosts = [...new Set(keys.map(({ vaultHost }) => vaultHost))];
    const facts = await Promise.all(
      hosts.map(host =>
        this.#deps.reader.read(
          {
            stored: this.#deps.rows.facts.of<number>({
              kind: 'consumers-at',
              subject: host,
            }),
            ask: askedAt => this.#listAt(host, askedAt),
          },
          freshness,
        ),
      ),
    );
    return facts
      .map(fact => (fact.known ? fact.refreshProblem : fact.problem))
      .find(problem => problem !== undefined)?.message;
  }

  async #listAt(host: string, askedAt: number): Promise<AzureAnswer<number>> {
    const { scope, azure, rows } = this.#deps;
    const answers = await Promise.all(
      batchesOf(scope.subscriptions, SUBSCRIPTIONS_OF_A_QUERY).map(group =>
        azure.resourceGraph.consumers(
          { subscriptionIds: group, part: 0, of: 1, hosts: [host] },
          CONSUMER_QUERY,
        ),
      ),
    );
    const found = answers.flatMap(({ value }) => value.items);
    await rows.consumers.keep(
      found.flatMap(({ facts }) => facts ?? []),
      askedAt,
    );
    if (answers.some(({ value }) => value.unusable > 0)) {
      throw new AzureError(
        {
          kind: 'unavailable',
          code: 'UnexpectedAnswer',
          message: `Azure's list of resources that name ${host} holds some that cannot be understood, and each may use any key`,
        },
        { effect: 'refused' },
      );
    }
    return {
      value: found.length,
      azureAt: answers[0]?.azureAt ?? askedAt,
    };
  }

  async #lookedAt(now?: number, problem?: string): Promise<LookedAt> {
    const { listings, rights, scope } = this.#deps;
    const [lists, known] = await Promise.all([
      listings.each('consumers', now),
      rights.known(scope.subscriptions),
    ]);
    return lookedAtOf(
      lists.map(list => ({
        subscription: list.part,
        isWhole: list.isWhole,
        observedAt: list.observedAt,
        problem: list.problem?.message,
        rights: known.get(list.part),
      })),
      scope.problem?.()?.message ?? problem,
    );
  }

  #split(
    registries: readonly Registry[],
    complete: boolean,
  ): Pick<KeyUsers, 'inScope' | 'elsewhere' | 'complete'> {
    const inScope = ({ registryId }: Registry) =>
      this.#deps.scope.includes(registryId);
    return {
      inScope: registries.filter(inScope),
      elsewhere: registries.filter(registry => !inScope(registry)),
      complete,
    };
  }
}
