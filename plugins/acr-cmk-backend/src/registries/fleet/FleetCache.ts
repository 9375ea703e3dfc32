import { fleetChanges } from '../../inventory/rows/fleetChanges';
import type { FleetContext } from './FleetContext';

/** Answers that are remembered. There are as many searches as people think of. */
const MOST = 100;

/**
 * Remembers what was counted and listed until something changes in the fleet, in whichever replica. Answers do not
 * depend on who asks but by the visible scope, which is part of the question.
 */
export class FleetCache {
  readonly #context: Pick<FleetContext, 'db' | 'config'>;
  readonly #answers = new Map<string, Promise<unknown>>();
  #since = '';

  constructor(context: Pick<FleetContext, 'db' | 'config'>) {
    this.#context = context;
  }

  /**
   * @param question - everything that the answer depends on, but for the inventory and the scopes. Its first part
   *   names what is asked, and so the type of the answer.
   */
  async answer<T>(
    question: readonly [what: string, ...of: unknown[]],
    find: () => Promise<T>,
  ): Promise<T> {
    const { db, config } = this.#context;
    const since = `${await fleetChanges(db)} ${JSON.stringify(config.scopes)}`;
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
