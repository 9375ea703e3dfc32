import { AzureError } from '../azure/AzureError';

/** What a read answers, or nothing when Azure says that there is no such thing. */
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
