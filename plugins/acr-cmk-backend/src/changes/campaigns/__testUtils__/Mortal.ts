import type { AzurePorts } from '../../../azure/ports';

/** Thrown by everything that a process would do to the database after its death. */
export class Died extends Error {}

/**
 * A process that can die. Then none of its calls reaches Azure any more, and none of its statements the database: an
 * open transaction is rolled back. What it has begun elsewhere may still end, as if it had died a moment later.
 */
export class Mortal {
  #isDead = false;
  #end: () => void = () => undefined;
  readonly #ended = new Promise<void>(resolve => {
    this.#end = resolve;
  });

  get isDead(): boolean {
    return this.#isDead;
  }

  /** @throws Died */
  die(): never {
    this.#isDead = true;
    this.#end();
    throw new Died();
  }

  /** Waits for work of the process. @throws Died when it dies before, or has */
  async run<T>(work: Promise<T>): Promise<T> {
    const done = await Promise.race([
      work.then(value => ({ value })),
      this.#ended,
    ]);
    if (!done || this.#isDead) throw new Died();
    return done.value;
  }

  /** `target`, whose methods throw once the process is dead. */
  withDatabase<T extends object>(target: T): T {
    return this.#around(target, async () => {
      throw new Died();
    });
  }

  /** Ports that never answer once the process is dead. */
  withAzure(ports: AzurePorts): AzurePorts {
    return new Proxy(ports, {
      get: (object, property) => {
        const value = Reflect.get(object, property, object);
        return typeof value === 'object'
          ? this.#around(value, () => new Promise<never>(() => undefined))
          : value;
      },
    });
  }

  #around<T extends object>(target: T, afterDeath: () => Promise<never>): T {
    return new Proxy(target, {
      get: (object, property) => {
        const value = Reflect.get(object, property, object);
        return typeof value === 'function'
          ? (...args: unknown[]) =>
              this.#isDead ? afterDeath() : value.apply(object, args)
          : value;
      },
    });
  }
}
