import { batchesOf } from '../../platform/database/batches';

/** Registries or identities that one plan reads anew at a time. */
const READ_AT_ONCE = 10;

/** Reads a few items at a time, so that a key that hundreds use does not spend the budget of calls in one burst. */
export async function inBatches<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const batch of batchesOf(items, READ_AT_ONCE)) {
    results.push(...(await Promise.all(batch.map(read))));
  }
  return results;
}
