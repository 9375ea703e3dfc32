import { KeyIdentifier, type Consumer } from 'backstage-plugin-acr-cmk-common';
import { CONSUMERS, KEY_URI, manyConsumers } from '../../fixtures/keys';
import { lookedAtWith, SERVICES } from '../../fixtures/services';
import type { KeyUsage } from './keyGraphOf';

const usageOf = (usage: Partial<KeyUsage>): KeyUsage => ({
  key: KeyIdentifier.parse(KEY_URI),
  consumers: CONSUMERS,
  ...usage,
});

const losing = (consumers: readonly Consumer[]) =>
  consumers.map((consumer, index) => ({
    ...consumer,
    losesKey: index % 2 === 0,
    outcome: index % 2 ? 'stays on version 3f2a91c2…' : undefined,
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
      consumers: losing(CONSUMERS),
      consumersComplete: false,
      effectOf: ({ losesKey, self }) => {
        if (losesKey) return self ? 'loses-key' : 'moves';
        return 'stays';
      },
    }),
  'four hundred registries': () =>
    usageOf({
      consumers: losing(manyConsumers(400)),
      consumersComplete: false,
    }),
} satisfies Record<string, () => KeyUsage>;
