import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  BURSTS,
  burstOf,
  copyRotations,
  removeCopies,
  untilLookedAt,
  waitingRotations,
} from './burst';
import { floorOf } from './firstReading';
import {
  cpuMs,
  processorMs,
  type Person,
  type Sizes,
  untilIdle,
} from './portal';
import { type Figures, judge, loopMs, median, p99, print } from './report';
import { PEOPLE, QUESTIONS, VIEWS_APART_MS, WAITING } from './settings';
import { byName, view } from './views';

type Add = (name: string, ...numbers: number[]) => void;
interface Measure {
  round(portals: Sizes, add: Add): Promise<void>;
  report(figures: Figures): void;
}

export const MEASURES: Record<string, Measure> = {
  tab: {
    async round(portals, add) {
      const { small, large } = portals;
      // Without what a burst has left behind.
      for (const portal of [small, large]) await untilIdle(portal);
      // Not what a process does once: its first requests, and each person's.
      for (const portal of [small, large]) {
        for (const person of portal.people) await view(portal, person, 0);
      }
      for (let n = 0; n < 3 * PEOPLE; n += 1) {
        const nth = Math.floor(n / PEOPLE);
        for (const size of ['small', 'large'] as const) {
          const { people } = portals[size];
          add(size, await view(portals[size], people[n % people.length], nth));
        }
        // What the same thread does for the catalog at that moment.
        const began = performance.now();
        await byName(large, large.people[n % large.people.length], nth);
        add('byName', performance.now() - began);
        add('loop', loopMs());
      }
      for (const person of large.people.slice(0, 20)) {
        add('live', await view(large, person, 0, '?refresh=true'));
      }
    },
    report({ small, large, byName: ofCatalog, loop, live }) {
      const all = { small, large, 'by-name': ofCatalog, loop, live };
      for (const [name, times] of Object.entries(all)) {
        const [middle, last] = [median(times), p99(times)];
        print(`  ${name} p50 ${middle.toFixed(1)}, p99 ${last.toFixed(1)} ms`);
      }
      judge('p99 large / small', p99(large) / p99(small), '<=', 1.2);
      judge('p99 large / live fetch', p99(large) / p99(live), '<=', 0.1);
    },
  },
  viewers: {
    async round({ large }, add) {
      for (const [name, look] of Object.entries({ view, byName })) {
        const until = performance.now() + 8_000;
        const before = cpuMs(large);
        let count = 0;
        const one = async (person: Person) => {
          for (let n = 0; performance.now() < until; n += 1) {
            await look(large, person, n);
            count += 1;
          }
        };
        await Promise.all(large.people.map(one));
        add(`${name} a second`, count / 8);
        add(`${name} processor ms`, (cpuMs(large) - before) / count);
      }
    },
    report(figures) {
      for (const [name, each] of Object.entries(figures)) {
        print(`  ${name}: ${each.map(n => n.toFixed(1)).join(' ')}`);
      }
      const rate = (name: string) => median(figures[`${name} a second`]);
      judge('views / by-name', rate('view') / rate('byName'), '>=', 1 / 3);
    },
  },
  cpu: {
    async round(portals, add) {
      for (const [name, question] of Object.entries(QUESTIONS)) {
        for (const size of ['medium', 'large'] as const) {
          const { [size]: portal } = portals;
          add(`${name} ${size}`, await processorMs(portal, question));
        }
      }
    },
    report(figures) {
      for (const name of Object.keys(QUESTIONS)) {
        const medium = median(figures[`${name} medium`]);
        const large = median(figures[`${name} large`]);
        const both = `${medium.toFixed(1)} and ${large.toFixed(1)} ms`;
        judge(`${name}, ${both}`, large / medium, '<=', 1.5);
      }
    },
  },
  burst: {
    async round({ large }, add) {
      // They stay away afterwards, since their limits are used up.
      const [abuser, ...others] = large.people.splice(0, 4);
      const look = async (name: string, isOn: () => boolean) => {
        const one = async (person: Person) => {
          for (let n = 0; n < 50 || isOn(); n += 1) {
            add(`beside ${name}`, await view(large, person, n));
            await delay(VIEWS_APART_MS);
          }
        };
        await Promise.all(others.map(one));
      };
      // A process of its own, whose work does not delay what is measured here.
      const args = [...process.execArgv, ...process.argv.slice(1)];
      const child = spawn(process.execPath, args, {
        env: {
          ...process.env,
          BENCH_BURST: JSON.stringify(await burstOf(large, abuser)),
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      // Not what a process does once: its first requests, and each person's.
      for (const person of large.people) await view(large, person, 0);
      for (const person of others) await view(large, person, 0);
      await look('nothing', () => false);
      for (const name of Object.keys(BURSTS)) {
        let isOn = true;
        child.stdin.write(name);
        const ended = once(child.stdout, 'data').then(([answer]) => {
          isOn = false;
          return JSON.parse(String(answer)) as number[];
        });
        await look(name, () => isOn);
        add(name, ...(await ended));
      }
      child.kill();
    },
    report({ 'beside nothing': quiet, ...figures }) {
      for (const name of Object.keys(BURSTS)) {
        const statuses = Map.groupBy(figures[name], status => status);
        const counts = [...statuses].map(
          ([status, { length }]) => `${length} with ${status}`,
        );
        print(`  ${name}: ${counts.join(', ')}`);
        const loud = figures[`beside ${name}`];
        const both = `${p99(quiet).toFixed(1)} and ${p99(loud).toFixed(1)} ms`;
        judge(`others' p99, ${both}`, p99(loud) / p99(quiet), '<=', 2);
      }
    },
  },
  restart: {
    async round({ large }, add) {
      const look = async (name: string, isOn: () => boolean) => {
        for (let n = 0; n < 100 || isOn(); n += 1) {
          add(
            name,
            await view(large, large.people[n % large.people.length], n),
          );
          await delay(VIEWS_APART_MS);
        }
      };
      const rotations = await waitingRotations(large);
      // Tabs of a backend that has just begun are slower than later ones, whatever waits.
      await large.restart();
      await look('quiet', () => false);
      const spawned = await large.restart(() =>
        copyRotations(large, rotations),
      );
      const before = cpuMs(large);
      let isOn = true;
      const looked = untilLookedAt(large).then(() => {
        isOn = false;
        add('seconds', (performance.now() - spawned) / 1000);
        add('processor ms each', (cpuMs(large) - before) / WAITING);
      });
      await look('loud', () => isOn);
      await looked;
      // The registry, and Azure's operation on it.
      const calls = Array.from({ length: 2 * WAITING }, (_, n) => ({
        method: 'GET',
        path: rotations[n % rotations.length].registryId,
      }));
      add('floor', floorOf(calls));
      await large.restart(() => removeCopies(large));
    },
    report({ quiet, loud, floor, seconds, ...others }) {
      for (const [name, each] of Object.entries({
        ...others,
        floor,
        seconds,
      })) {
        print(`  ${name}: ${each.map(n => n.toFixed(1)).join(' ')}`);
      }
      const middle = [quiet, loud].map(each => median(each).toFixed(1));
      print(`  tabs' p50, ${middle.join(' and ')} ms`);
      // As of the cold reading: a lower floor says more about the start of the process.
      const least = Math.max(median(floor), 30);
      judge('seconds / floor', median(seconds) / least, '<=', 1.3);
      const both = `${p99(quiet).toFixed(1)} and ${p99(loud).toFixed(1)} ms`;
      judge(`tabs' p99, ${both}`, p99(loud) / p99(quiet), '<=', 2);
    },
  },
};
