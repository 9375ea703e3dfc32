import type { Fact } from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts, GroupFacts } from '../../azure/ports';
import type { InventoryRows } from '../rows';
import type { FactReader, Freshness } from './FactReader';

interface GroupReaderDeps {
  rows: Pick<InventoryRows, 'facts'>;
  azure: Pick<AzurePorts, 'groups'>;
  reader: FactReader;
}

/** Reads resource groups, which only the creation of registries needs. */
export class GroupReader {
  readonly #deps: GroupReaderDeps;

  constructor(deps: GroupReaderDeps) {
    this.#deps = deps;
  }

  /** One resource group, by its ARM id. */
  of(groupId: string, freshness: Freshness): Promise<Fact<GroupFacts>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({
          kind: 'resource-group',
          subject: groupId.toLowerCase(),
        }),
        ask: () => this.#deps.azure.groups.get(groupId),
      },
      freshness,
    );
  }

  /** Every resource group of a subscription that the read credential may see. */
  inSubscription(
    subscriptionId: string,
    freshness: Freshness,
  ): Promise<Fact<GroupFacts[]>> {
    return this.#deps.reader.read(
      {
        stored: this.#deps.rows.facts.of({
          kind: 'resource-groups',
          subject: subscriptionId,
        }),
        ask: () => this.#deps.azure.groups.listBySubscription(subscriptionId),
      },
      freshness,
    );
  }
}
