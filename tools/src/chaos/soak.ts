/**
 * Mixed load for a long time, with watchers that come and go, and nothing that goes wrong: what the
 * backends hold on to shows in their heaps and sockets.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from './client/Client';
import { History } from './client/History';
import { Random } from './random';
import { CLIENT_THREADS, prepareFolder } from './run';
import { deadline } from './world/deadline';
import { TARGETS } from './world/people';
import { World } from './world/World';

/** Streams that are open at any time. */
const WATCHERS = 20;
/** Duration of a stream. Milliseconds. */
const WATCH_MS: [least: number, most: number] = [50, 4000];
/** Between two measurements. Milliseconds. */
const SAMPLE_MS = 30_000;
/** Azure's clock, so that registries follow their keys. */
const AZURE_MOVES_MS = 10_000;
/** The first ones are left out: caches fill, and code is compiled. */
const WARM_UP = 0.2;
/** Highest ratio of memory at the end to memory at the beginning. */
const MOST_GROWTH = 1.2;
/** Connections of the database's pool and of Azure's agents come and go within this. */
const SPARE_SOCKETS = 10;

interface Sample {
  seconds: number;
  backend: string;
  heapMegabytes: number;
  residentMegabytes: number;
  sockets: number;
}

export interface SoakReport {
  minutes: number;
  samples: Sample[];
  figures: Record<string, number>;
  /** Empty when heap and sockets are flat. */
  violations: string[];
}

const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter(fd => {
    try {
      return readlinkSync(`${folder}/${fd}`).startsWith('socket:');
    } catch {
      // It was closed meanwhile.
      return false;
    }
  }).length;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Compares the last third with the first one after the warm-up. */
export function growthOf(samples: readonly Sample[]): string[] {
  return [...new Set(samples.map(({ backend }) => backend))].flatMap(name => {
    const own = samples.filter(({ backend }) => backend === name);
    const warm = own.slice(Math.floor(own.length * WARM_UP));
    const third = Math.ceil(warm.length / 3);
    const [first, last] = [warm.slice(0, third), warm.slice(-third)];
    const heap = [first, last].map(part =>
      mean(part.map(({ heapMegabytes }) => heapMegabytes)),
    );
    const sockets = [first, last].map(part =>
      mean(part.map(one => one.sockets)),
    );
    return [
      ...(heap[1] > heap[0] * MOST_GROWTH
        ? [`${name}: its heap grew from ${heap[0]} to ${heap[1]} MB`]
        : []),
      ...(sockets[1] > sockets[0] + SPARE_SOCKETS
        ? [`${name}: its sockets grew from ${sockets[0]} to ${sockets[1]}`]
        : []),
    ];
  });
}

export async function soak(options: {
  seed: number;
  minutes: number;
  replicas: number;
  folder: string;
  say(line: string): void;
}): Promise<SoakReport> {
  const { seed, minutes, replicas, folder, say } = options;
  prepareFolder(folder);
  const random = new Random(seed);
  const world = await World.start({ folder, replicas, random });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => world.stop().finally(() => process.exit(130)));
  }
  const began = performance.now();
  const history = new History();
  const client = new Client({
    random,
    backends: world.backends,
    history,
    name: `soak-${seed}`,
  });
  const over = deadline(minutes * 60_000);
  const pause = (ms: number) =>
    delay(ms, undefined, { signal: over }).catch(() => undefined);
  let streams = 0;

  const watch = async (watcher: number) => {
    const own = random.fork(`watcher-${watcher}`);
    while (!over.aborted) {
      const backend = own.pick(world.backends).as('olivia');
      const { entityRef } = own.pick(TARGETS);
      const leave = deadline(own.between(...WATCH_MS), over);
      try {
        const [latest] = await backend.operations({ entityRef, limit: 1 });
        if (latest) {
          streams += 1;
          await backend.events(latest.id, { signal: leave });
        }
      } catch {
        // It has left, which is what it is for.
      }
      await pause(own.between(0, 200));
    }
  };

  const samples: Sample[] = [];
  const measure = async () => {
    while (!over.aborted) {
      await pause(SAMPLE_MS);
      for (const { process: backend } of world.backends) {
        const { heapUsed, rss } = await backend.memory();
        const sample = {
          seconds: Math.round((performance.now() - began) / 1000),
          backend: backend.name,
          heapMegabytes: megabytes(heapUsed),
          residentMegabytes: megabytes(rss),
          sockets: socketsOf(backend.pid!),
        };
        samples.push(sample);
        say(
          `${sample.seconds} s, ${sample.backend}: heap ${sample.heapMegabytes} MB, resident ${sample.residentMegabytes} MB, ${sample.sockets} sockets`,
        );
      }
    }
  };

  const moveAzure = async () => {
    while (!over.aborted) {
      await pause(AZURE_MOVES_MS);
      await world.azure.advanceClock('PT20M');
      await world.database
        .db('operations')
        .where({ state: 'waiting' })
        .whereNull('lease_until')
        .whereNotNull('due_at')
        .update({ due_at: 1000 });
    }
  };

  try {
    await Promise.all([
      measure(),
      moveAzure(),
      ...Array.from({ length: CLIENT_THREADS }, (_, thread) =>
        client.run(thread, over),
      ),
      ...Array.from({ length: WATCHERS }, (_, watcher) => watch(watcher)),
    ]);
    const [{ count }] = await world.database
      .db('operations')
      .count({ count: '*' });
    return {
      minutes,
      samples,
      figures: {
        operations: Number(count),
        'streams that came and went': streams,
        'answers, slowest, milliseconds': history.slowestMs,
        ...history.counts,
      },
      violations: growthOf(samples),
    };
  } finally {
    await world.stop();
  }
}

/** Lines for a terminal; the verdict is last. */
export function soakInLines(report: SoakReport): string[] {
  return [
    '',
    ...Object.entries(report.figures)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, count]) => `${String(count).padStart(8)}  ${what}`),
    '',
    ...report.violations.map(violation => `✗ ${violation}`),
    report.violations.length === 0
      ? `Heap and sockets are flat after ${report.minutes} minutes.`
      : 'Something grows.',
  ];
}
