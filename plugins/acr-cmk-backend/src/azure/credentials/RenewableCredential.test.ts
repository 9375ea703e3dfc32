import { RenewableCredential } from './RenewableCredential';

const SCOPE = 'https://vault.azure.net/.default';

/** Each credential that is made keeps a token of its own until it expires. */
function renewable() {
  let made = 0;
  const credential = new RenewableCredential(() => {
    made += 1;
    const token = `token ${made}`;
    return { getToken: async () => ({ token, expiresOnTimestamp: 0 }) };
  });
  return { credential, made: () => made };
}

describe('a token that Azure refuses', () => {
  it('is fetched anew', async () => {
    const { credential } = renewable();
    expect(await credential.renewed('token 1', SCOPE)).toBe('token 2');
    expect(await credential.getToken(SCOPE)).toMatchObject({
      token: 'token 2',
    });
  });

  it('is fetched anew once for all calls that it was refused to', async () => {
    const { credential, made } = renewable();
    await credential.renewed('token 1', SCOPE);
    expect(await credential.renewed('token 1', SCOPE)).toBe('token 2');
    expect(made()).toBe(2);
  });

  it('repeats the options of the first request', async () => {
    const asked: unknown[] = [];
    const credential = new RenewableCredential(() => ({
      getToken: async (_scopes, options) => {
        asked.push(options);
        return { token: 'a token', expiresOnTimestamp: 0 };
      },
    }));
    const options = { enableCae: true, tenantId: 'a-tenant' };
    await credential.getToken(SCOPE, { ...options, claims: 'not these' });
    await credential.renewed('a token', SCOPE);
    expect(asked.slice(1)).toEqual([options, options]);
  });
});
