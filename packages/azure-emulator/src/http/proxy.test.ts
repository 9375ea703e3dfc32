import { useEmulator } from '../__testUtils__/emulated';
import { IDLE_CONNECTION_MS } from '../assumptions';
import { requestThrough } from './client';

const azure = useEmulator();

it('an idle connection is kept for minutes', async () => {
  const answer = await requestThrough(
    azure.emulator,
    'https://login.microsoftonline.com/common/discovery/instance',
    { headers: { connection: 'keep-alive' } },
  );
  expect(answer.headers['keep-alive']).toBe(
    `timeout=${IDLE_CONNECTION_MS / 1000}`,
  );
  azure.emulator.dropConnections();
});
