import { useEmulator, vaultUrl } from '../__testUtils__/emulated';
import { OPERATION_MS } from '../assumptions';

/** With the default durations, on a clock that only moves when a test moves it. */
const azure = useEmulator({ operationSeconds: undefined });
const { call } = azure;
beforeEach(() => azure.emulator.clock.freeze());

it('a new vault registers its DNS name first, and does not answer under it', async () => {
  const url = vaultUrl('kv-new-one');
  const made = await call('admin', 'PUT', url, {
    location: 'westeurope',
    properties: {
      tenantId: azure.emulator.ready.tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
    },
  });
  const state = async () =>
    (await call('admin', 'GET', url)).json.properties.provisioningState;
  const keys = async () =>
    (await call('admin', 'GET', 'https://kv-new-one.vault.azure.net/keys'))
      .status;
  expect([made.status, await state(), await keys()]).toEqual([
    200,
    'RegisteringDns',
    404,
  ]);
  azure.emulator.clock.advance(OPERATION_MS);
  expect([await state(), await keys()]).toEqual(['Succeeded', 200]);
  await call('admin', 'PATCH', url, { tags: { a: 'b' } });
  expect(await state()).toBe('Succeeded');
});
