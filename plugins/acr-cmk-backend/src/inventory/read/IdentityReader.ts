import type { Fact } from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../../azure/ports';
import type { IdentityTest, KnownIdentity } from '../../domain/identity';
import { isMissing } from '../../domain/isMissing';
import { type FactReader, FRESH, type Freshness } from './FactReader';
import { inBatches } from './inBatches';
import type { InventoryScope } from './KeyUsersReader';
import type { Listings } from '../Listings';
import type { InventoryRows } from '../rows';
import type { KnownBundle } from '../rows/knownBundle';
import { toKnownIdentity } from '../toKnownIdentity';
import { lower } from '../../platform/text';

interface IdentityReaderDeps {
  rows: InventoryRows;
  azure: AzurePorts;
  scope: InventoryScope;
  reader: FactReader;
  listings: Listings;
}

/** Reads facts of user-assigned identities. */
export class IdentityReader {
  readonly #deps: IdentityReaderDeps;

  constructor(deps: IdentityReaderDeps) {
    this.#deps = deps;
  }

  /**
   * One user-assigned identity.
   *
   * @param known - one that was just read from the rows, and may be another
   */
  async of(
    resourceId: string,
    freshness: Freshness,
    known?: KnownBundle['identity'],
  ): Promise<Fact<KnownIdentity>> {
    const fact = await this.#deps.reader.read(
      {
        stored: this.#deps.rows.identities.of(resourceId),
        known: known?.id === lower(resourceId) ? known.fact : undefined,
        ask: () => this.#deps.azure.identities.get(resourceId),
      },
      freshness,
    );
    return fact.known ? { ...fact, value: toKnownIdentity(fact.value) } : fact;
  }

  /**
   * Identities that somebody may mean by a resource id, a name, a client id or a principal id. What
   * their tags say authorises, so each is read anew.
   *
   * @param isOpen - those that are not open are as if they were not there, also when one cannot be read
   */
  async matching(
    text: string,
    freshness: Freshness,
    isOpen: IdentityTest,
  ): Promise<Fact<KnownIdentity[]>> {
    const { problem } = await this.#deps.listings.ensure('identities');
    const known = await this.#idsOf(text);
    // One that nobody knows may be new.
    if (known.length === 0)
      await this.#deps.listings.ensure('identities', FRESH);
    const ids = known.length === 0 ? await this.#idsOf(text) : known;
    const facts = await inBatches(ids, async resourceId => ({
      resourceId,
      fact: await this.of(resourceId, freshness),
    }));
    const open = facts.filter(({ resourceId, fact }) =>
      isOpen(fact.known ? fact.value : { resourceId }),
    );
    if (open.length === 0 && problem) return { known: false, problem };
    const value: KnownIdentity[] = [];
    for (const { fact } of open) {
      if (fact.known) value.push(fact.value);
      else if (!isMissing(fact)) return fact;
    }
    return { known: true, value, observedAt: 0, azureAt: 0 };
  }

  /** Resource ids of the identities that a text may mean. */
  async #idsOf(text: string): Promise<string[]> {
    const found = await this.#deps.rows.identities.matching(
      text,
      this.#deps.scope.subscriptions,
    );
    return found.map(({ id }) => id);
  }
}
