import { createHash } from 'node:crypto';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { JsonValue } from '@backstage/types';

class NotYet extends Error {
  constructor() {
    super('not yet');
  }
}

/**
 * Attempts of a step, stored in the task's checkpoints.
 *
 * An attempt is one plan and at most one operation. A step that runs again because the backend died
 * resumes the attempt it was in. One that a person retries, after an attempt has ended badly,
 * begins the next: the checkpoint `ended` makes the difference.
 *
 * The scaffolder names a checkpoint by its step only, and a step may run for `each` of a list, so
 * the request is in the name too.
 */
export class Attempts {
  readonly #ctx: Pick<ActionContext<any>, 'checkpoint' | 'task' | 'step'>;
  readonly #request: string;

  constructor(
    ctx: Pick<ActionContext<any>, 'checkpoint' | 'task' | 'step'>,
    request: JsonValue,
  ) {
    this.#ctx = ctx;
    this.#request = sha256(request).slice(0, 12);
  }

  /** The attempt that this run of the step is about. */
  async current(): Promise<Attempt> {
    let number = 1;
    while (await this.#has(`${number}.ended`)) number += 1;
    return this.attempt(number);
  }

  attempt(number: number): Attempt {
    const remember = <T extends JsonValue>(
      what: string,
      make: () => Promise<T>,
    ) => this.#remember(`${number}.${what}`, make);
    return {
      number,
      // Depends on the task, step, request and attempt only.
      idempotencyKey: `scaffolder-${sha256([
        this.#ctx.task.id,
        this.#ctx.step?.id ?? '',
        this.#request,
        number,
      ]).slice(0, 40)}`,
      plan: make => remember('plan', make),
      operation: make => remember('operation', make),
      ended: async how => {
        await remember('ended', async () => how);
      },
    };
  }

  #remember<T extends JsonValue>(what: string, make: () => Promise<T>) {
    return this.#ctx.checkpoint<T>({
      key: `acr-cmk.${this.#request}.${what}`,
      fn: make,
    });
  }

  /** A checkpoint can only be read by making it; one that fails to be made is not kept. */
  async #has(what: string): Promise<boolean> {
    try {
      await this.#remember<string>(what, async () => {
        throw new NotYet();
      });
      return true;
    } catch (error) {
      if (error instanceof NotYet) return false;
      throw error;
    }
  }
}

/** One plan and at most one operation, each made once. */
export interface Attempt {
  number: number;
  idempotencyKey: string;
  plan(
    make: () => Promise<{ id: string; hash: string }>,
  ): Promise<{ id: string; hash: string }>;
  /** The operation's id. */
  operation(make: () => Promise<string>): Promise<string>;
  /** It has come to nothing, and a retry is another attempt. */
  ended(how: string): Promise<void>;
}

function sha256(value: JsonValue): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
