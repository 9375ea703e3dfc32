import { type Emulator, requestThrough } from 'azure-emulator';

/**
 * Status that a registry answers to an anonymous pull: 401 if it can read its data, 403 if it has lost its key.
 */
export async function pull(azure: Emulator, registry: string): Promise<number> {
  const { status } = await requestThrough(
    azure,
    `https://${registry}.azurecr.io/v2/`,
  );
  return status;
}
