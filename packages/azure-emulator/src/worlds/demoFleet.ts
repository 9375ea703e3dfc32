import type { WorldBuilder } from './builder';
import { buildDemo } from './demo';
import { addFleet } from './fleet';

const MANAGEMENT_GROUP = 'contoso-teams';

/** Each has as many registries as the others; more than a thousand are not usual. */
const FEWEST_SUBSCRIPTIONS = 4;
const MOST_IN_A_SUBSCRIPTION = 1000;

/** In a subscription that the management group has, and that no principal may read. */
const UNREADABLE_REGISTRIES = 10;

/** The first three are the demo's own, so that its users own some of the fleet. */
const OWNERS = [
  'team-shop',
  'team-payments',
  'platform-team',
  'team-accounts',
  'team-analytics',
  'team-delivery',
  'team-fraud',
  'team-identity',
  'team-insights',
  'team-inventory',
  'team-loyalty',
  'team-marketing',
  'team-media',
  'team-mobile',
  'team-partners',
  'team-pricing',
  'team-returns',
  'team-stores',
  'team-suppliers',
  'team-support',
];

const subscriptionId = (number: number) =>
  `22222222-3333-4444-8555-${String(number).padStart(12, '0')}`;

/**
 * The demo, and `count` registries of many teams around it, in several subscriptions. The last
 * subscription has a few more, and cannot be read.
 */
export function buildDemoFleet(world: WorldBuilder, count: number) {
  const many = Math.max(
    FEWEST_SUBSCRIPTIONS,
    Math.ceil(count / MOST_IN_A_SUBSCRIPTION),
  );
  const readable = Array.from({ length: many }, (_none, index) => ({
    id: subscriptionId(index + 1),
    registries:
      Math.floor(((index + 1) * count) / many) -
      Math.floor((index * count) / many),
  }));
  const unreadable = {
    id: subscriptionId(many + 1),
    registries: UNREADABLE_REGISTRIES,
  };
  buildDemo(
    world,
    readable.map(({ id }) => id),
  );
  world.managementGroup(MANAGEMENT_GROUP, 'Contoso Teams', 'contoso');
  const subscriptions = [...readable, unreadable];
  subscriptions.forEach(({ id }, index) =>
    world.subscription(id, `Contoso Teams ${index + 1}`, MANAGEMENT_GROUP),
  );
  addFleet(world, {
    subscriptions,
    ownerOf: group => `group:default/${OWNERS[group % OWNERS.length]}`,
  });
}
