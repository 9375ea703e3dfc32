import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random';
import type { Backend } from '../world/Backend';
import type { World } from '../world/World';
import {
  chooseTurn,
  type Disturbance,
  type Limits,
  THREADS,
  type Victim,
} from './disturbances';

/** Number and interval of the checks whether a backend is at work. Milliseconds. */
const LOOKS = 200;
const LOOK_MS = 20;

/**
 * Disturbs the backends: kills and freezes them, disturbs and crashes their database, kills Azure, makes it
 * answer wrongly and moves its clock. Each disturbance is ended too.
 */
export class Nemesis {
  readonly #world: World;
  readonly #random: Random;
  readonly #limits: Limits;
  /** Number of disturbances by kind. */
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
        { thread, index },
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
    const { database, azure } = this.#world;
    switch (disturbance.kind) {
      case 'kill a backend': {
        const { process } = await this.#victim(disturbance, pause);
        await process.kill();
        await pause(disturbance.ms);
        await this.#world.revive(process);
        return;
      }
      case 'restart a backend': {
        const { process } = await this.#victim(disturbance, pause);
        await process.stop();
        await this.#world.revive(process);
        return;
      }
      case 'freeze a backend': {
        const { process } = await this.#victim(disturbance, pause);
        process.freeze(disturbance.ms);
        await pause(disturbance.ms);
        process.resume();
        return;
      }
      case 'disturb the database':
        await database.disturb(disturbance.mode);
        await pause(disturbance.ms);
        if (disturbance.cut) database.cut();
        await database.calm();
        return;
      case 'cut the database':
        database.cut();
        return;
      case 'crash PostgreSQL':
        await database.crash();
        await pause(disturbance.ms);
        await database.restart();
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

  /** A worker is worth more attention while it holds an operation: then there is something to spoil. */
  async #victim(
    { backend, atWork }: Victim,
    pause: (ms: number) => Promise<unknown>,
  ): Promise<Backend> {
    const { backends } = this.#world;
    for (let look = 0; atWork && look < LOOKS; look++) {
      const busy = await this.#world.backendAtWork();
      if (busy) return busy;
      await pause(LOOK_MS);
    }
    return backends[backend % backends.length];
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
