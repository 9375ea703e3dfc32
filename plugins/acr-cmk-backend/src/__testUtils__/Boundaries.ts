import type { AzurePorts } from '../azure/ports';

/**
 * Finds the moments at which the death of a worker's process makes a difference: after each call that
 * has written something, to the database or to Azure. Whatever a process knows is lost with it, so
 * between one write and the next all moments are the same; and the death during a call is the one
 * after it, whose answer is lost.
 */
export class Boundaries {
  /** Number of writes so far. */
  writes: () => number = () => 0;
  #seen = 0;
  readonly #reached: (name: string, args: readonly unknown[]) => Promise<void>;

  /**
   * @param reached - called at each of the moments, with the arguments of the call; the worker stands still until it is
   *   done
   */
  constructor(
    reached: (name: string, args: readonly unknown[]) => Promise<void>,
  ) {
    this.#reached = reached;
  }

  /** `call` with a boundary after it. */
  after<A extends unknown[], R>(
    name: string,
    call: (...args: A) => Promise<R> | R,
  ): (...args: A) => Promise<R> {
    return async (...args) => {
      const answer = await call(...args);
      const writes = this.writes();
      if (writes !== this.#seen) {
        this.#seen = writes;
        await this.#reached(`after ${name}`, args);
      }
      return answer;
    };
  }

  /**
   * `target` with a boundary after each call of its methods.
   *
   * @param names - of the methods; default: all
   */
  around<T extends object>(
    target: T,
    label: string,
    names?: readonly string[],
  ): T {
    return new Proxy(target, {
      get: (object, property) => {
        const value = Reflect.get(object, property, object);
        if (typeof value !== 'function') return value;
        const name = String(property);
        const bound = value.bind(object);
        return !names || names.includes(name)
          ? this.after(`${label}.${name}`, bound)
          : bound;
      },
    });
  }

  /** Wraps every port of a set: a boundary follows each call of its methods. */
  aroundEach(ports: AzurePorts): AzurePorts {
    return new Proxy(ports, {
      get: (object, property) => {
        const value = Reflect.get(object, property, object);
        return typeof value === 'object'
          ? this.around(value, String(property))
          : value;
      },
    });
  }
}
