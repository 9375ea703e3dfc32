import { ConfigReader } from '@backstage/config';
import { portsOf } from './portsOf';

const GROUP = '/providers/Microsoft.Management/managementGroups/contoso';
const BELOW = { subscriptionId: '11111111-2222-4333-8444-555555555555' };

it('looks at the subscriptions below management groups, where they are known', () => {
  const root = new ConfigReader({ acrCmk: { scopes: [GROUP] } });
  const seen = (managed?: {
    scopes: (typeof BELOW)[];
    groupsNotKnown: string[];
    groupsInPart: string[];
  }) => {
    const { config } = portsOf(root, { now: Date.now, managed });
    return (
      config.understood && [
        config.value.scopes,
        config.groupsNotKnown,
        config.groupsInPart,
      ]
    );
  };
  expect(
    seen({
      scopes: [BELOW],
      groupsNotKnown: [],
      groupsInPart: ['contoso'],
    }),
  ).toEqual([[BELOW], [], ['contoso']]);
  expect(seen()).toEqual([[], ['contoso'], []]);
});
