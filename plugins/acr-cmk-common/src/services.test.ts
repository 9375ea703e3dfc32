import { knownUse, servicesInWords } from './services';

it.each([
  [0, 'all', 'none'],
  [2, 'all', 'all'],
  [0, 'partly', 'not-known'],
  [2, 'partly', 'at-least'],
  [0, 'no', 'not-known'],
  [2, 'no', 'at-least'],
] as const)(
  'of %d resources found where %s were looked at, the users are: %s',
  (count, lookedAt, known) => {
    expect(knownUse(count, lookedAt)).toBe(known);
  },
);

it('names the resources that may be seen, and counts the others', () => {
  const resource = {
    id: '/servers/orders',
    name: 'orders',
    resourceGroup: 'rg-shop',
    subscriptionId: '1',
    location: 'westeurope',
    uses: [],
    identities: [],
    entities: [],
    hiddenEntities: 0,
  };
  const service = { type: 'microsoft.sql/servers', service: 'SQL server' };
  expect(
    servicesInWords([
      { ...service, resources: [resource], hiddenResources: 2 },
    ]),
  ).toEqual(['orders (SQL server)', '2 × SQL server that you may not see']);
  expect(servicesInWords()).toEqual([]);
});
