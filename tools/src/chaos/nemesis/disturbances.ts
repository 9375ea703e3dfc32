/** Choices of the next disturbance, made from the seed alone. */
import type { FaultSpec } from 'azure-emulator';
import type { Random } from '../random';
import type { RelayMode } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/Relay';
import { chooseFault } from './faults';

/** Backend: this one, modulo how many there are; or rather one that is at work, if one soon is. */
export interface Victim {
  backend: number;
  atWork: boolean;
}

export type Disturbance =
  /** SIGKILL, and a new process after a while. */
  | ({ kind: 'kill a backend'; ms: number } & Victim)
  /** SIGTERM, as in a deployment. */
  | ({ kind: 'restart a backend' } & Victim)
  /** SIGSTOP, and SIGCONT after a while. */
  | ({ kind: 'freeze a backend'; ms: number } & Victim)
  | { kind: 'disturb the database'; mode: RelayMode; ms: number; cut: boolean }
  | { kind: 'cut the database' }
  | { kind: 'crash PostgreSQL'; ms: number }
  | { kind: 'kill Azure'; ms: number }
  | { kind: 'arm faults'; faults: FaultSpec[] }
  /** An ISO 8601 duration. */
  | { kind: "move Azure's clock"; duration: string };

export interface Turn {
  pauseMs: number;
  disturbance: Disturbance;
}

/** Limits on the disturbances of a run. */
export interface Limits {
  /** Duration of a freeze that outlasts a lease. Absent in runs that are too short for one. Milliseconds. */
  pastLeaseMs?: number;
}

type Chooser = (random: Random, limits: Limits) => Disturbance;

/** Its threads, each of which does one thing at a time, while the others do theirs. */
export const THREADS: Record<
  string,
  { pauseMs: [least: number, most: number]; choose: Chooser }
> = {
  processes: {
    pauseMs: [2500, 7000],
    choose(random, { pastLeaseMs }) {
      const victim = {
        backend: random.between(0, 5),
        atWork: random.chance(0.8),
      };
      const pastLease = random.chance(0.3);
      const ms = random.between(300, 6000);
      const kind = random.weighted([
        [5, 'kill a backend'],
        [4, 'freeze a backend'],
        [1, 'restart a backend'],
      ] as const);
      if (kind === 'restart a backend') return { kind, ...victim };
      return kind === 'freeze a backend' && pastLease && pastLeaseMs
        ? { kind, ...victim, ms: pastLeaseMs + ms }
        : { kind, ...victim, ms };
    },
  },
  database: {
    pauseMs: [3000, 8000],
    choose(random, { pastLeaseMs }) {
      const ms = random.between(500, 5000);
      const cut = random.chance(0.5);
      const pastLease = random.chance(0.04);
      const mode = random.weighted([
        [3, 'hold'],
        [4, 'hold-answers'],
        [2, 'slow'],
        [3, 'reorder'],
        [2, 'refuse'],
      ] as const);
      const kind = random.weighted([
        [6, 'disturb the database'],
        [3, 'cut the database'],
        [2, 'crash PostgreSQL'],
      ] as const);
      if (kind === 'cut the database') return { kind };
      if (kind === 'crash PostgreSQL') return { kind, ms };
      return {
        kind,
        mode,
        ms: pastLease && pastLeaseMs ? pastLeaseMs + ms : ms,
        cut,
      };
    },
  },
  azure: {
    pauseMs: [800, 4000],
    choose(random) {
      const kind = random.weighted([
        [12, 'arm faults'],
        [3, "move Azure's clock"],
        [2, 'kill Azure'],
      ] as const);
      if (kind === 'kill Azure') {
        return { kind, ms: random.between(200, 4000) };
      }
      if (kind === "move Azure's clock") {
        return {
          kind,
          duration: random.pick(['PT10S', 'PT5M', 'PT40M', 'PT1H', 'PT2H']),
        };
      }
      const count = random.between(1, 3);
      return {
        kind,
        faults: Array.from({ length: count }, () => chooseFault(random)),
      };
    },
  },
};

/** The nth thing that a thread does; it depends on the seed, the thread and its number only. */
export function chooseTurn(
  random: Random,
  { thread, index }: { thread: string; index: number },
  limits: Limits,
): Turn {
  const own = random.fork(`nemesis-${thread}`).fork(index);
  const { pauseMs, choose } = THREADS[thread];
  return {
    pauseMs: own.between(...pauseMs),
    disturbance: choose(own, limits),
  };
}
