import { useEffect, useState } from 'react';

/** The newest value that there was, also while there is none. */
export function useLatestDefined<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  useEffect(() => {
    if (value !== undefined) setLast(value);
  }, [value]);
  return value ?? last;
}
