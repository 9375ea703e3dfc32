import type { EntityProviderConnection } from '@backstage/plugin-catalog-node';

/** Keys of one statement. */
const AT_ONCE = 500;

/** Schedules processing of entities, once the catalog is connected. */
export class Refresher {
  #connection: Pick<EntityProviderConnection, 'refresh'> | undefined;

  connect(connection: Pick<EntityProviderConnection, 'refresh'>): void {
    this.#connection = connection;
  }

  /** Schedules processing of the entities with one of these refresh keys. */
  async refresh(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      await this.#connection?.refresh({ keys: keys.slice(at, at + AT_ONCE) });
    }
  }
}
