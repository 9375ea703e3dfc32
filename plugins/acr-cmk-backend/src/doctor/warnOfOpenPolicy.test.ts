import type { RunningBackend } from './runningBackend';
import { warnOfOpenPolicy } from './warnOfOpenPolicy';

const APP = { kind: 'default-chain' } as const;
const GUEST_MAY_ROTATE = {
  asked: true as const,
  allowed: ['acr-cmk.key.rotate'],
};
const CLOSED = {
  allowAllModuleLoaded: false,
  asGuest: async () => ({ asked: true as const, allowed: [] }),
};

async function warningsOf({
  enabled = true,
  policy = CLOSED,
  credentials = { read: APP, rotate: APP },
}: {
  enabled?: boolean;
  policy?: RunningBackend['policy'];
  credentials?: Parameters<typeof warnOfOpenPolicy>[0]['credentials'];
}): Promise<string[]> {
  const lines: string[] = [];
  await warnOfOpenPolicy({
    permission: { enabled },
    backend: {
      hasPlugin: async () => ({ there: true }),
      policy,
    } as unknown as RunningBackend,
    credentials,
    logger: { warn: message => void lines.push(message) },
  });
  return lines;
}

describe('with a credential that can change Azure, the log warns at the start', () => {
  it.each([
    [
      'of the module that allows everything',
      { policy: { ...CLOSED, allowAllModuleLoaded: true } },
      /loaded @backstage\/plugin-permission-backend-module-allow-all-policy: .* credentials for rotate can change Azure\. Remove that module\./,
    ],
    [
      'of guests who may rotate',
      { policy: { ...CLOSED, asGuest: async () => GUEST_MAY_ROTATE } },
      /Anyone can sign in as guest, .* allows a guest acr-cmk\.key\.rotate\. .* credentials for rotate can change Azure\./,
    ],
    [
      'of permissions that are off',
      { enabled: false },
      /permission\.enabled is not true: .* credentials for rotate can change Azure\. Set permission\.enabled: true/,
    ],
  ])('%s, once', async (_what, setUp, warning) => {
    expect(await warningsOf(setUp)).toEqual([expect.stringMatching(warning)]);
  });

  it('of nothing else', async () => {
    expect(await warningsOf({})).toEqual([]);
  });
});

it('warns of nothing where the only credential reads', async () => {
  expect(
    await warningsOf({ enabled: false, credentials: { read: APP } }),
  ).toEqual([]);
});
