import { setTimeout as delay } from 'node:timers/promises';
import {
  type Campaign,
  type CampaignFilter,
  type CampaignMember,
  type CampaignMembers,
  type FleetRegistries,
  type FleetRegistry,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import {
  ARM_BUCKETS,
  DEFAULT_ASSUMPTIONS,
} from '../../packages/azure-emulator/src/assumptions';
import { idleCalls } from './idle';
import { ask, takeCalls, type Person, type Portal } from './portal';
import { judge, median, print } from './report';
import {
  ASK_MS,
  IDLE_MS,
  MEMBERS,
  PREVIEWED,
  QUIET_MS,
  SINGLES,
  STRATEGY,
} from './settings';

const AUTOMATIC = {
  kind: 'rotate',
  key: { kind: 'current', mode: 'automatic' },
};

/** Entity that the tag of a registry of the fleet names. */
const entityNamed = (name: string) => `resource:default/${name}`;

const nextPage = ({ nextCursor }: { nextCursor?: string }) =>
  nextCursor ? `&cursor=${encodeURIComponent(nextCursor)}` : '';

/** Registries that are pinned to a version and linked to their entity, page by page. */
async function pinned(portal: Portal, person: Person) {
  const found: FleetRegistry[] = [];
  let cursor = '';
  do {
    const page = await ask<FleetRegistries>(
      portal,
      person,
      `acr-cmk/v1/fleet/registries?mode=manual&unbound=false&limit=100${cursor}`,
    );
    found.push(...page.items);
    cursor = nextPage(page);
  } while (cursor);
  return found.filter(({ entities, name }) =>
    entities.some(({ entityRef }) => entityRef === entityNamed(name)),
  );
}

/**
 * The filter that selects the fewest of these registries, but as many as are wanted, where one does. One that selects
 * more than twice as many could be more than a campaign may have.
 */
function filterOf(
  registries: readonly FleetRegistry[],
  wanted: number,
): CampaignFilter {
  const counts = new Map<string, number>();
  for (const { owners, subscriptionId, state } of registries) {
    const all: CampaignFilter = { mode: 'manual', unbound: false };
    for (const place of [
      all,
      { ...all, subscription: subscriptionId },
      ...owners.map(owner => ({ ...all, owner })),
    ]) {
      for (const filter of [place, { ...place, state: [state.id] }]) {
        const text = JSON.stringify(filter);
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
  }
  const bySize = [...counts].sort(([, a], [, b]) => a - b);
  const fitting = bySize.filter(([, n]) => n <= 2 * wanted);
  const [text] =
    fitting.find(([, n]) => n >= wanted) ?? fitting.at(-1) ?? bySize[0];
  return JSON.parse(text);
}

/** Switches a registry as its tab does, with another person's approval. Undefined where its plan is blocked. */
async function switchOne(
  portal: Portal,
  { registryId, name }: FleetRegistry,
): Promise<number | undefined> {
  const [requester, approver] = portal.readers;
  const post = <T>(person: Person, name: string, body: object) =>
    ask<T>(portal, person, `acr-cmk/v1/${name}`, body);
  const plan = await post<{ id: string; hash: string; blocked: boolean }>(
    requester,
    'plans',
    { entityRef: entityNamed(name), registryId, intent: AUTOMATIC },
  );
  if (plan.blocked) return undefined;
  const { id } = await post<Operation>(requester, 'operations', {
    planId: plan.id,
    planHash: plan.hash,
    reason: 'Measured beside a campaign',
    idempotencyKey: `bench-${plan.id}`,
  });
  await post(approver, `operations/${id}/approve`, { planHash: plan.hash });
  const began = performance.now();
  for (;;) {
    const { result, state } = await ask<Operation>(
      portal,
      requester,
      `acr-cmk/v1/operations/${id}`,
    );
    if (result && state !== 'succeeded') throw new Error(result.message);
    if (result) return (performance.now() - began) / 1000;
    await delay(ASK_MS);
  }
}

const campaignsAs =
  (portal: Portal, person: Person) =>
  <T = Campaign>(at: string, body?: object) =>
    ask<T>(portal, person, `acr-cmk/v1/campaigns${at}`, body);

/** Plans a campaign over all that the filter selects. */
async function previewOf(portal: Portal, filter: CampaignFilter) {
  const ofRequester = campaignsAs(portal, portal.readers[0]);
  const began = performance.now();
  const { id } = await ofRequester('', {
    intent: { kind: 'automatic-mode' },
    selection: { filter },
  });
  let seen = await ofRequester(`/${id}`);
  while (seen.state === 'previewing') {
    await delay(ASK_MS / 4);
    seen = await ofRequester(`/${id}`);
  }
  const seconds = (performance.now() - began) / 1000;
  print(`  planned in ${seconds.toFixed(1)} s: ${seen.message}`);
  return { id, hash: seen.hash, seconds };
}

/** Starts a campaign, approves each of its stages as another person, and waits for its end. */
async function runCampaign(
  portal: Portal,
  { id, hash }: { id: string; hash?: string },
): Promise<{ seconds: number; campaign: Campaign }> {
  const [ofRequester, ofApprover] = portal.readers.map(person =>
    campaignsAs(portal, person),
  );
  const began = performance.now();
  await ofRequester(`/${id}/start`, {
    hash,
    strategy: STRATEGY,
    reason: 'Bench',
  });
  let campaign: Campaign;
  do {
    await delay(ASK_MS);
    campaign = await ofApprover(`/${id}`);
    const { request } = campaign;
    if (request) {
      await ofApprover(`/${id}/stages/${request.stage}/decision`, {
        hash: request.hash,
        rejected: [],
      });
    }
  } while (campaign.state === 'running');
  return { seconds: (performance.now() - began) / 1000, campaign };
}

/** Members of a campaign that change. */
async function changing(portal: Portal, id: string) {
  const members: CampaignMember[] = [];
  let cursor = '';
  do {
    const page = await campaignsAs(
      portal,
      portal.readers[0],
    )<CampaignMembers>(`/${id}/members?outcome=change&limit=100${cursor}`);
    members.push(...page.items);
    cursor = nextPage(page);
  } while (cursor);
  return members;
}

/** Seconds from the acceptance of a member's operation to the proof of the member. */
const durationOf = ({ startedAt, endedAt }: CampaignMember) =>
  startedAt && endedAt
    ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
    : 0;

/**
 * Least seconds of a campaign with one write for each member. Stages come one after the other, and each changes its
 * members a few at a time: the sum over stages of ⌈members / concurrency⌉ × Azure's update of a registry. ARM takes a
 * bucket of writes at once for each subscription, and the others as it refills: (writes − bucket) / refill.
 */
function floorOfCampaign(
  { stages }: Campaign,
  members: readonly CampaignMember[],
): number {
  const { size, refillPerSecond } = ARM_BUCKETS.writes;
  const updates = stages.reduce(
    (sum, { members }) => sum + Math.ceil(members / STRATEGY.concurrency),
    0,
  );
  return Math.max(
    updates * DEFAULT_ASSUMPTIONS.registryOperationSeconds,
    ...[...Map.groupBy(members, one => one.registryId.split('/')[2])].map(
      ([, { length: writes }]) => (writes - size) / refillPerSecond,
    ),
  );
}

/** A campaign of many members, beside single operations of the same kind and an idle interval. */
export async function measureCampaign(portal: Portal): Promise<void> {
  const registries = await pinned(portal, portal.readers[0]);
  const idle = (await idleCalls(portal)).length;
  // Single operations are spread over another such interval, which has as many sweeps.
  const until = performance.now() + IDLE_MS;
  const seconds: number[] = [];
  // The worst come first, and mostly their plans are blocked.
  for (const registry of registries.reverse()) {
    if (seconds.length === SINGLES) break;
    const took = await switchOne(portal, registry);
    if (took !== undefined) seconds.push(took);
  }
  await delay(Math.max(0, until - performance.now()));
  const single = ((await takeCalls(portal)).length - idle) / seconds.length;
  print(
    `  one operation: ${median(seconds).toFixed(1)} s, ${single.toFixed(1)} calls`,
  );

  const preview = await previewOf(
    portal,
    filterOf(await pinned(portal, portal.readers[0]), MEMBERS),
  );
  await takeCalls(portal);
  const began = performance.now();
  const { seconds: took, campaign } = await runCampaign(portal, preview);
  await delay(QUIET_MS);
  const calls = await takeCalls(portal);
  const ofIdle = (idle * (performance.now() - began)) / IDLE_MS;
  const members = await changing(portal, preview.id);
  const durations = members.map(durationOf);
  const each = (calls.length - ofIdle) / members.length;
  const floor = floorOfCampaign(campaign, members);
  print(`  ${members.length} members: ${campaign.message}`);
  print(`  ${took.toFixed(1)} s, at least ${floor.toFixed(1)} s`);
  const used = durations.reduce((sum, n) => sum + n, 0);
  print(
    `  from acceptance to proof ${median(durations).toFixed(1)} s; ${(used / took).toFixed(1)} at a time of ${STRATEGY.concurrency}`,
  );
  print(
    `  ${calls.length} calls, ${ofIdle.toFixed(0)} of them as when idle; ${each.toFixed(1)} a member`,
  );
  const succeeded = campaign.states.find(({ state }) => state === 'succeeded');
  const share = Math.min(1, PREVIEWED / members.length);
  judge('seconds of the preview', preview.seconds * share, '<=', 10);
  judge('members that succeeded', succeeded?.count ?? 0, '>=', members.length);
  judge('seconds / floor', took / floor, '<=', 1.3);
  judge('calls a member / calls of one operation', each / single, '<=', 1.1);
}
