import { useState } from 'react';
import { keepUnchanged } from './keepUnchanged';

/** The value, as the same object for as long as nothing in it changes. */
export function useUnchanged<T>(value: T): T {
  const [kept, setKept] = useState(value);
  const unchanged = keepUnchanged(kept, value);
  if (unchanged !== kept) setKept(unchanged);
  return unchanged;
}
