import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random';
import type { World } from '../world/World';
import {
  chooseTurn,
  type Disturbance,
  type Limits,
  THREADS,
} from './disturbances';

/**
 * What works against the backends: it kills and freezes them, disturbs and crashes their database,
 * kills Azure, has it answer wrongly and moves its clock. Each thing that it does it also ends.
 */
export class Nemesis {
  readonly #world: World;
  readonly #random: Random;
  readonly #limits: Limits;
  /** How often it did what. */
  readonly counts: Record<string, number> = {};

  constructor(options: { world: World; random: Random; limits: Limits }) {
    this.#world = options.world;
    this.#random = options.random;
    this.#limits = options.limits;
  }

  /** All its threads, until the time is over; everything is as before then. */
  async run(over: AbortSignal): Promise<void> {
    await Promise.all(
      Object.keys(THREADS).map(thread => this.#thread(thread, over)),
    );
  }

  async #thread(thread: string, over: AbortSignal) {
    const pause = (ms: number) =>
      delay(ms, undefined, { signal: over }).catch(() => undefined);
    for (let index = 0; ; index++) {
      const { pauseMs, disturbance } = chooseTurn(
        this.#random,
        thread,
        index,
        this.#limits,
      );
      await pause(pauseMs);
      if (over.aborted) return;
      this.#world.note(`nemesis: ${JSON.stringify(disturbance)}`);
      await this.#disturb(disturbance, pause);
      this.#count(disturbance);
    }
  }

  async #disturb(
    disturbance: Disturbance,
    pause: (ms: number) => Promise<unknown>,
  ): Promise<void> {
    const { backends, database, azure } = this.#world;
    switch (disturbance.kind) {
      case 'kill a backend': {
        const { process } = backends[disturbance.backend % backends.length];
        await process.kill();
        await pause(disturbance.ms);
        await this.#world.revive(process);
        return;
      }
      case 'restart a backend': {
        const { process } = backends[disturbance.backend % backends.length];
        await process.stop();
        await this.#world.revive(process);
        return;
      }
      case 'freeze a backend': {
        const { process } = backends[disturbance.backend % backends.length];
        process.freeze(disturbance.ms);
        await pause(disturbance.ms);
        process.resume();
        return;
      }
      case 'disturb the database':
        database.relay.set(disturbance.mode);
        await pause(disturbance.ms);
        if (disturbance.cut) database.relay.cut();
        database.relay.set('pass');
        return;
      case 'cut the database':
        database.relay.cut();
        return;
      case 'crash PostgreSQL':
        database.crash();
        await pause(disturbance.ms);
        database.restart();
        return;
      case 'kill Azure':
        await this.#world.killAzure();
        await pause(disturbance.ms);
        await azure.restart();
        return;
      case 'arm faults':
        for (const fault of disturbance.faults) await azure.addFault(fault);
        return;
      case "move Azure's clock":
        await azure.advanceClock(disturbance.duration);
        return;
      default:
        disturbance satisfies never;
    }
  }

  #count(disturbance: Disturbance) {
    const more =
      disturbance.kind === 'arm faults' ? disturbance.faults.length : 1;
    const pastLease =
      'ms' in disturbance &&
      disturbance.ms >= (this.#limits.pastLeaseMs ?? Infinity);
    for (const what of [
      disturbance.kind,
      ...(pastLease ? [`${disturbance.kind} past the lease`] : []),
    ]) {
      this.counts[what] = (this.counts[what] ?? 0) + more;
    }
  }
}
