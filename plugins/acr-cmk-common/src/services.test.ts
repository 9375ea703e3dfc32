import { knownUse, servicesAtRisk, servicesInWords } from './services';

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

it('names the resources that may be seen, and counts the others', () => {
  expect(
    servicesInWords([
      { ...service, resources: [resource], hiddenResources: 2 },
    ]),
  ).toEqual(['orders (SQL server)', '2 × SQL server that you may not see']);
  expect(servicesInWords()).toEqual([]);
});

describe('services at risk by a revoke', () => {
  const methodWith = (services: number, chosen = true) => ({
    method: 'role-assignment' as const,
    chosen,
    recommended: true,
    available: true,
    message: 'Deletes the role assignment.',
    reversible: 'At any time.',
    alsoAffects: 0,
    services,
  });

  it.each(['loses-key', 'not-known'] as const)(
    'are those with the effect %s',
    effect => {
      expect(
        servicesAtRisk({
          methods: [methodWith(4, false), methodWith(1)],
          services: [
            {
              ...service,
              resources: [
                { ...resource, effect },
                { ...resource, name: 'spared' },
                { ...resource, name: 'follower', effect: 'moves' },
              ],
              hiddenResources: 1,
            },
          ],
        }),
      ).toEqual(['orders (SQL server)']);
    },
  );

  it('are counted where they may not be seen', () => {
    expect(
      servicesAtRisk({
        methods: [methodWith(3)],
        services: [
          {
            ...service,
            resources: [{ ...resource, effect: 'loses-key' }],
            hiddenResources: 5,
          },
        ],
      }),
    ).toEqual(['orders (SQL server)', '2 that you may not see']);
  });

  it('are none where the chosen method spares all, or there is none', () => {
    const services = [
      { ...service, resources: [resource], hiddenResources: 1 },
    ];
    expect(servicesAtRisk({ methods: [methodWith(0)], services })).toEqual([]);
    expect(servicesAtRisk({ services })).toEqual([]);
  });
});
