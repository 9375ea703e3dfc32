import { ConfigReader } from '@backstage/config';
import { DEMO_USER_HEADER, demoAuthenticator } from './authenticator';

const config = {
  users: [
    { name: 'olivia', title: 'Olivia Ortega' },
    { name: 'vera', title: 'Vera Visser' },
  ],
};

function requestAs(name?: string) {
  return {
    req: {
      header: (header: string) =>
        header === DEMO_USER_HEADER ? name : undefined,
    },
  } as Parameters<typeof demoAuthenticator.authenticate>[0];
}

describe('demo sign-in', () => {
  const nodeEnv = process.env.NODE_ENV;

  afterEach(() => {
    Object.assign(process.env, { NODE_ENV: nodeEnv });
  });

  it('accepts the configured users only', async () => {
    const context = demoAuthenticator.initialize({
      config: new ConfigReader(config),
    });

    await expect(
      demoAuthenticator.authenticate(requestAs('olivia'), context),
    ).resolves.toEqual({ result: { name: 'olivia', title: 'Olivia Ortega' } });
    await expect(
      demoAuthenticator.authenticate(requestAs('mallory'), context),
    ).rejects.toThrow("one of the demo's users: olivia, vera");
    await expect(
      demoAuthenticator.authenticate(requestAs(undefined), context),
    ).rejects.toThrow(DEMO_USER_HEADER);
  });

  it('does not start in production unless allowInProduction is set', () => {
    Object.assign(process.env, { NODE_ENV: 'production' });

    expect(() =>
      demoAuthenticator.initialize({ config: new ConfigReader(config) }),
    ).toThrow('Remove auth.providers.demo');
    expect(() =>
      demoAuthenticator.initialize({
        config: new ConfigReader({ ...config, allowInProduction: true }),
      }),
    ).not.toThrow();
  });
});
