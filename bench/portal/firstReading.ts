import { setTimeout as delay } from 'node:timers/promises';
import {
  type FleetSummary,
  type InventoryStatus,
} from 'backstage-plugin-acr-cmk-common';
import {
  ARM_BUCKETS,
  RESOURCE_GRAPH_WINDOW,
} from '../../packages/azure-emulator/src/assumptions';
import { ask, control, takeCalls, type Call, type Portal } from './portal';
import { judge, median, p99, print } from './report';
import { LOOKS_APART_MS, isWanted, values } from './settings';
import { byName, view } from './views';

/** Views of one person who looks again and again. */
export interface Looks {
  /** Times of the tab of a registry in each minute, and of the catalog for its entity. */
  minutes: { tab: number[]; byName: number[] }[];
  /** Registries with an error or a warning, at most. */
  faults: number;
}

/** Looks at a registry of the demo and at the fleet. Another world has neither the registry nor its entity. */
export async function lookWhile(
  portal: Portal,
  isOn: () => boolean,
): Promise<Looks> {
  const looks: Looks = { minutes: [], faults: 0 };
  if (values.world || !isWanted('cold')) return looks;
  // The first view waits for Azure.
  await view(portal, portal.priya, 0);
  const began = performance.now();
  for (let n = 0; n < 20 || isOn(); n += 1) {
    await delay(LOOKS_APART_MS);
    const minute = Math.floor((performance.now() - began) / 60_000);
    const { tab, byName: ofCatalog } = (looks.minutes[minute] ??= {
      tab: [],
      byName: [],
    });
    tab.push(await view(portal, portal.priya, 0));
    const asked = performance.now();
    await byName(portal, portal.priya, 0);
    ofCatalog.push(performance.now() - asked);
    if (n % 5 > 0) continue;
    const { counts } = await ask<FleetSummary>(
      portal,
      portal.priya,
      'acr-cmk/v1/fleet/summary',
    );
    const faults = counts.severity
      .filter(({ value }) => value === 'error' || value === 'warning')
      .reduce((sum, { count }) => sum + count, 0);
    looks.faults = Math.max(looks.faults, faults);
  }
  return looks;
}

export function reportLooks({
  looks,
  entering,
  later,
}: Record<'looks' | 'entering' | 'later', Looks>) {
  if (values.world) return;
  const printTimes = (when: string, times: Looks['minutes'][number]) => {
    const [tab, catalog] = [times.tab, times.byName].map(
      each => `p50 ${median(each).toFixed(0)}, p99 ${p99(each).toFixed(0)} ms`,
    );
    print(`  ${when}: tab ${tab}; by-name of the catalog ${catalog}`);
  };
  looks.minutes.forEach((times, n) => printTimes(`minute ${n + 1}`, times));
  printTimes('entities enter the catalog', entering.minutes[0]);
  const [during, after] = [looks, later].map(({ minutes }) =>
    median(minutes.flatMap(({ tab }) => tab)),
  );
  const both = `${during.toFixed(1)} and ${after.toFixed(1)} ms`;
  judge(`tab's p50 meanwhile and later, ${both}`, during / after, '<=', 2);
  judge(
    'registries that look faulty meanwhile',
    looks.faults,
    '<=',
    later.faults,
  );
}

/**
 * Waits until the first sweep and all that it led to are read. Returns the time since the start of the backend and
 * since its first call, and Azure's least.
 */
export async function untilKnown(portal: Portal, spawned: number) {
  const calls: Call[] = [];
  const cold = { seconds: 0, calls: 0, reading: 0 };
  // What was read may lead to more: four seconds without any are the end. The status counts rows, so it is not
  // asked for more often.
  for (let quiet = 0; quiet < 4;) {
    await delay(1_000);
    calls.push(...(await takeCalls(portal)));
    const { lastSweep, dirty } = await ask<InventoryStatus>(
      portal,
      portal.priya,
      'acr-cmk/v1/inventory/status',
    );
    quiet = lastSweep?.endedAt && dirty === 0 ? quiet + 1 : 0;
    if (quiet === 1) {
      cold.seconds = (performance.now() - spawned) / 1000;
      cold.calls = calls.length;
      const { now } = await control<{ now: string }>(
        portal.azure,
        'GET',
        '/clock',
      );
      cold.reading = (Date.parse(now) - Date.parse(calls[0].time)) / 1000;
    }
  }
  return { ...cold, floor: floorOf(calls.slice(0, cold.calls)) };
}

/** Least seconds in which Azure's limits let these calls through. */
export function floorOf(
  calls: readonly Pick<Call, 'method' | 'path'>[],
): number {
  const { size, refillPerSecond } = ARM_BUCKETS.reads;
  const { queries, seconds } = RESOURCE_GRAPH_WINDOW;
  const counts = new Map<string, number>();
  for (const call of calls) {
    const [, first, second] = call.path.toLowerCase().split('/');
    const bucket =
      call.method === 'GET' && first === 'subscriptions' ? second : 'graph';
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  const waits = [...counts].map(([bucket, n]) =>
    bucket === 'graph'
      ? Math.floor(n / queries) * seconds
      : (n - size) / refillPerSecond,
  );
  return Math.max(0, ...waits);
}
