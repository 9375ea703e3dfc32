import { setTimeout as delay } from 'node:timers/promises';
import { type FleetSummary } from 'backstage-plugin-acr-cmk-common';
import { withDatabase } from './burst';
import { ask, takeCalls, type Call, type Portal } from './portal';
import { judge, print } from './report';
import { CHANGEOVER_MS, HOUR_MS, IDLE_MS, values } from './settings';

/** Counts the calls of some minutes without a viewer, without events and with them, and scales them to an hour. */
export async function measureIdle(portal: Portal): Promise<void> {
  const { total, counts } = await ask<FleetSummary>(
    portal,
    portal.readers[0],
    'acr-cmk/v1/fleet/summary',
  );
  const withKey = counts.mode.reduce((sum, { count }) => sum + count, 0);
  // Each registry; and for one with a key its vault, the key, its versions and its rotation policy.
  const loop = (total + 4 * withKey) * 12;
  print(`  loop of az: ${loop} calls an hour`);
  const fewer = (calls: Call[]) => (loop * IDLE_MS) / (calls.length * HOUR_MS);
  judge(
    'one call for so many of the loop',
    fewer(await idleCalls(portal)),
    '>=',
    60,
  );
  const mark = (events_at: number | null) =>
    withDatabase(portal, db => db('vaults').update({ events_at }));
  await mark(Date.now());
  await delay(CHANGEOVER_MS);
  const calls = await idleCalls(portal);
  await mark(null);
  judge('… where vaults deliver events', fewer(calls), '>=', 300);
}

export async function idleCalls(portal: Portal): Promise<Call[]> {
  await takeCalls(portal);
  await delay(IDLE_MS);
  const calls = await takeCalls(portal);
  print(`  ${calls.length} calls in ${values.idle} minutes`);
  for (const [kind, { length }] of Map.groupBy(calls, kindOfCall)) {
    print(`  ${length} of ${kind}`);
  }
  return calls;
}

/** Kind of a call to Azure. */
function kindOfCall({ path: at }: Call): string {
  if (/\/keys\/[^/]+\/versions$/i.test(at)) return 'versions of a key';
  if (/\/keys$/i.test(at)) return 'keys of a vault';
  return /resourcegraph/i.test(at) ? 'Resource Graph' : 'one thing';
}
