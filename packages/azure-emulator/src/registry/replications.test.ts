import { registryUrl, useEmulator } from '../__testUtils__/emulated';

const { call } = useEmulator();
const REPLICATIONS = `${registryUrl('shopimages')}/replications`;

const regions = async () => {
  const { json } = await call('reader', 'GET', REPLICATIONS);
  const value: unknown = json.value;
  return (value as { name: string }[]).map(({ name }) => name);
};

describe('replications of a registry', () => {
  it('are its own region, and those that somebody adds', async () => {
    expect(await regions()).toEqual(['westeurope']);
    for (const location of ['North Europe', 'eastus', 'eastus']) {
      const { status } = await call('admin', 'PUT', `${REPLICATIONS}/new`, {
        location,
      });
      expect(status).toBe(200);
    }
    expect(await regions()).toEqual(['westeurope', 'northeurope', 'eastus']);
  });

  it.each([
    ['rotator', 'GET', 200],
    ['revoker', 'GET', 403],
    ['reader', 'PUT', 403],
  ] as const)(
    'answer the %s that sends %s with %i',
    async (who, method, expected) => {
      const { status } =
        method === 'GET'
          ? await call(who, method, REPLICATIONS)
          : await call(who, method, `${REPLICATIONS}/eastus`, {
              location: 'eastus',
            });
      expect(status).toBe(expected);
    },
  );
});
