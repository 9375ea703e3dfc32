import { type Emulator, requestThrough } from 'azure-emulator';

/**
 * What a client gets that pulls from a registry without signing in: 401 from one that reads its data,
 * 403 from one that has lost its key.
 */
export async function pull(azure: Emulator, registry: string): Promise<number> {
  const { status } = await requestThrough(
    azure,
    `https://${registry}.azurecr.io/v2/`,
  );
  return status;
}
