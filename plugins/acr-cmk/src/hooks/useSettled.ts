import { useEffect, useState } from 'react';

/** A pause in typing that counts as the end of a word, in milliseconds. */
const PAUSE_MS = 400;

/**
 * A value that is being typed, once the typing pauses.
 *
 * @param typed - false: it was picked, and counts at once
 * @returns nothing while it still changes
 */
export function useSettled<T extends string | undefined>(
  value: T,
  typed: boolean,
): T | undefined {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (!typed) {
      setSettled(value);
      return undefined;
    }
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value, typed]);
  return !typed || settled === value ? value : undefined;
}
