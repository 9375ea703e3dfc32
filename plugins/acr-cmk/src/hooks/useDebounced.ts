import { useState } from 'react';
import useDebounce from 'react-use/esm/useDebounce';

/** A pause in typing that counts as the end of a word, in milliseconds. */
const PAUSE_MS = 400;

/**
 * A value that is being typed, once the typing pauses.
 *
 * @param typed - false: it was picked, and counts at once
 * @returns nothing while it still changes
 */
export function useDebounced<T extends string | undefined>(
  value: T,
  typed: boolean,
): T | undefined {
  const [debounced, setDebounced] = useState(value);
  useDebounce(() => setDebounced(value), typed ? PAUSE_MS : 0, [value]);
  return !typed || debounced === value ? value : undefined;
}
