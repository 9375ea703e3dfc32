/**
 * The newer value, made of the parts of the older one that have not changed: what is equal stays the
 * same object, so that only views of what has changed are drawn again.
 *
 * For JSON, as the backend sends it.
 */
export function replaceEqualDeep<T>(older: T | undefined, newer: T): T {
  if (Object.is(older, newer)) return newer;
  if (Array.isArray(older) && Array.isArray(newer)) {
    const kept = newer.map((item, index) =>
      replaceEqualDeep(older[index], item),
    );
    return isMadeOf(older, kept) ? older : (kept as T);
  }
  if (isRecord(older) && isRecord(newer)) {
    const kept = Object.fromEntries(
      Object.entries(newer).map(([name, value]) => [
        name,
        replaceEqualDeep(older[name], value),
      ]),
    );
    return isMadeOf(older, kept) ? older : (kept as T);
  }
  return newer;
}

/** True when both have the same parts. */
function isMadeOf(older: object, kept: object): boolean {
  const parts = Object.entries(kept);
  return (
    parts.length === Object.keys(older).length &&
    parts.every(
      ([name, value]) =>
        Object.hasOwn(older, name) &&
        Object.is((older as Record<string, unknown>)[name], value),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}
