/** Rows in one statement. SQLite takes 32,766 values in one, PostgreSQL 65,535. */
const BATCH = 200;

export function batchesOf<T>(items: readonly T[], size = BATCH): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) {
    batches.push(items.slice(at, at + size));
  }
  return batches;
}

/** Finds the rows of many items, by a statement for each batch. */
export async function findInBatches<T, R>(
  items: readonly T[],
  find: (batch: T[]) => PromiseLike<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  for (const batch of batchesOf(items)) found.push(...(await find(batch)));
  return found;
}
