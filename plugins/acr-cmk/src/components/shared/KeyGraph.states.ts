import { KeyIdentifier, type Consumer } from 'backstage-plugin-acr-cmk-common';
import { CONSUMERS, KEY_URI, manyConsumers } from '../../fixtures/keys';
import { lookedAtWith, SERVICES } from '../../fixtures/services';
import type { KeyUsage } from './keyGraphOf';

const usageOf = (usage: Partial<KeyUsage>): KeyUsage => ({
  key: KeyIdentifier.parse(KEY_URI),
  consumers: CONSUMERS,
  ...usage,
});

const OUTCOMES: Pick<Consumer, 'effect' | 'outcome'>[] = [
  { effect: 'loses-key' },
  { effect: 'stays', outcome: 'stays on version 3f2a91c2…' },
  { effect: 'moves', outcome: 'follows by itself within about an hour' },
];

const withEffects = (consumers: readonly Consumer[], effects: number) =>
  consumers.map((consumer, index) => ({
    ...consumer,
    ...OUTCOMES[index % effects],
  }));

/** Graphs of few and many nodes, with and without a plan. */
export const graphStates = {
  'three registries': () => usageOf({}),
  'one registry, and others that are not known': () =>
    usageOf({
      consumers: CONSUMERS.slice(0, 1),
      consumersComplete: false,
      servicesLookedAt: lookedAtWith({ state: 'no', at: undefined }),
    }),
  'twelve registries, and others that are not known': () =>
    usageOf({ consumers: manyConsumers(12), consumersComplete: false }),
  'two registries with hidden entities': () =>
    usageOf({
      consumers: CONSUMERS.slice(0, 2).map((consumer, index) => ({
        ...consumer,
        hiddenEntities: index + 1,
      })),
    }),
  'other Azure services': () =>
    usageOf({
      services: SERVICES,
      servicesLookedAt: lookedAtWith({ state: 'partly', notReadable: 2 }),
    }),
  'every effect': () =>
    usageOf({
      consumers: withEffects(CONSUMERS, 3),
      consumersComplete: false,
    }),
  'four hundred registries': () =>
    usageOf({
      consumers: withEffects(manyConsumers(400), 2),
      consumersComplete: false,
    }),
} satisfies Record<string, () => KeyUsage>;
