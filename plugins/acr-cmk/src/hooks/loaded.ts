/**
 * State of a resource in a hook.
 *
 * | status | what holds | what ends it |
 * |---|---|---|
 * | `loading` | nothing is known yet | the first answer |
 * | `denied` | the caller lacks a permission; nothing older is shown | an answer, when asked again |
 * | `failed` | the first answer was an error | `retry` |
 * | `ready` | there is data; `refreshError` says that a newer reading failed | the next answer |
 */
export type Loaded<T> =
  | { status: 'loading' }
  | { status: 'denied'; permission: string; message: string }
  | { status: 'failed'; error: Error; retry(): void }
  | {
      status: 'ready';
      data: T;
      /** Time when this data came, by the viewer's clock. ISO 8601. */
      checkedAt: string;
      refreshing: boolean;
      refreshError?: Error;
    };

/** {@link Loaded} without freshness. */
export type Known<T> =
  | Exclude<Loaded<T>, { status: 'ready' }>
  | { status: 'ready'; data: T };

export function knownFrom<T>(loaded: Loaded<T>): Known<T> {
  return loaded.status === 'ready'
    ? { status: 'ready', data: loaded.data }
    : loaded;
}

/** Data of a resource, once there is any. */
export function dataOf<T>(of: Loaded<T> | Known<T>): T | undefined {
  return of.status === 'ready' ? of.data : undefined;
}

/** Whether there is data, and newer data is being read. */
export function isRefreshing(of: Loaded<unknown>): boolean {
  return of.status === 'ready' && of.refreshing;
}
