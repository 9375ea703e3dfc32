import { AzureError } from '../../azure/AzureError';

/** Answer of a read, or undefined if Azure answers that the thing does not exist. */
export async function orMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'not-found') {
      return undefined;
    }
    throw error;
  }
}
