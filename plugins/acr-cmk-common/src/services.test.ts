import { servicesInWords } from './services';

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
