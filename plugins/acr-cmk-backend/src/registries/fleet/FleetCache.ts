import type { Knex } from 'knex';
import type { Scope } from '../../platform/config/scope';
import { fleetChanges } from '../../inventory/rows/fleetChanges';

/** Answers that are remembered. There are as many searches as people think of. */
const MOST = 100;

interface FleetCacheDeps {
  db: Knex;
  scopes: readonly Scope[];
}

/**
 * Remembers what was counted and listed until something changes in the fleet, in whichever replica. Answers do not
 * depend on who asks but by the visible scope, which is part of the question.
 */
export class FleetCache {
  readonly #deps: FleetCacheDeps;
  readonly #answers = new Map<string, Promise<unknown>>();
  #since = '';

  constructor(deps: FleetCacheDeps) {
    this.#deps = deps;
  }

  /**
   * @param question - everything that the answer depends on, but for the inventory and the scopes. Its first part
   *   names what is asked, and so the type of the answer.
   */
  async answer<T>(
    question: readonly [what: string, ...of: unknown[]],
    find: () => Promise<T>,
  ): Promise<T> {
    const { db, scopes } = this.#deps;
    const since = `${await fleetChanges(db)} ${JSON.stringify(scopes)}`;
    if (since !== this.#since) this.#answers.clear();
    this.#since = since;
    const name = JSON.stringify(question);
    const known = this.#answers.get(name) as Promise<T> | undefined;
    if (known) return known;
    const found = find();
    this.#answers.set(name, found);
    found.catch(() => this.#answers.delete(name));
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MOST) this.#answers.delete(oldest);
    return found;
  }
}
