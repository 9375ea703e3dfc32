import { useState } from 'react';
import { replaceEqualDeep } from './structuralSharing';

/** The value, as the same object for as long as nothing in it changes. */
export function useStructuralSharing<T>(value: T): T {
  const [kept, setKept] = useState(value);
  const unchanged = replaceEqualDeep(kept, value);
  if (unchanged !== kept) setKept(unchanged);
  return unchanged;
}
