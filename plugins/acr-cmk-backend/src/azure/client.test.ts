import type { TokenCredential } from '@azure/core-auth';
import { createClients } from './client';

describe('a request that no SDK client offers', () => {
  it.each([
    ['a host that is not Azure’s', 'https://vault.example.com/keys'],
    [
      'a host that ends like a vault',
      'https://kv.vault.azure.net.example.com/',
    ],
    ['a vault of another cloud', 'https://kv.vault.azure.cn/keys'],
  ])('takes no token to %s', async (_where, url) => {
    const credential: TokenCredential = {
      getToken: () => Promise.reject(new Error('A token was asked for')),
    };
    const clients = createClients({ credentials: { read: credential } });
    for (const request of [
      () => clients.send('read', { url }),
      () => clients.list('read', url),
    ]) {
      await expect(request()).rejects.toThrow(
        'is no host of Azure that gets a token',
      );
    }
  });
});
