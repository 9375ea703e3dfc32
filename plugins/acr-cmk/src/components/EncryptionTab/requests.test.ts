import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { minutesAgo, registryId } from '../../fixtures/ids';
import { CONSUMERS } from '../../fixtures/keys';
import { guardedRevoke } from '../../fixtures/operations';
import { affectedOf, requestsOfOthers } from './requests';

const NOW = Date.now();
const OWN = [registryId('ordersimages').toUpperCase()];

/** A request for `shopimages`, whose key `ordersimages` uses too. */
const request = (of: Partial<Operation> = {}) => {
  const operation = guardedRevoke(of);
  return {
    ...operation,
    plan: { ...operation.plan, consumers: CONSUMERS },
  };
};
const approval = request().approval!;
const approvedByCaller = { ...approval, byCaller: 'approved' as const };

it.each<[shown: boolean, why: string, operation: Operation]>([
  [true, 'it waits for approval', request()],
  [
    true,
    'it was approved, and waits for its start',
    request({ state: 'waiting', beginsAt: minutesAgo(-5) }),
  ],
  [false, 'it needed none', request({ state: 'running', approval: undefined })],
  [
    false,
    'it is for a registry of the entity, whose section shows it',
    request({ registryId: registryId('ordersimages') }),
  ],
  [
    false,
    'it takes the key from a registry of the entity, whose section shows it',
    {
      ...request(),
      plan: {
        ...request().plan,
        consumers: CONSUMERS.map(one => ({
          ...one,
          effect: 'loses-key' as const,
        })),
      },
    },
  ],
  [false, 'somebody else approved it', request({ state: 'running' })],
  [
    true,
    'the viewer approved it, and it runs',
    request({ state: 'running', approval: approvedByCaller }),
  ],
  [
    true,
    'the viewer approved it, and it ended an hour ago',
    request({
      state: 'succeeded',
      approval: approvedByCaller,
      endedAt: minutesAgo(60),
    }),
  ],
  [
    false,
    'the viewer approved it, and it ended two days ago',
    request({
      state: 'succeeded',
      approval: approvedByCaller,
      endedAt: minutesAgo(2 * 24 * 60),
    }),
  ],
])('a request of others is shown (%s): %s', (shown, _why, operation) => {
  expect(
    requestsOfOthers([operation], { registryIds: OWN, now: NOW }),
  ).toHaveLength(shown ? 1 : 0);
});

it('names the registries of the entity that a request affects', () => {
  expect(affectedOf(request(), OWN)).toEqual(['ordersimages']);
});
