import { get } from 'node:https';

/**
 * What a client gets that pulls from a registry without signing in: 401 from one that reads its data,
 * 403 from one that has lost its key.
 */
export function pull(registry: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`https://${registry}.azurecr.io/v2/`, response => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
