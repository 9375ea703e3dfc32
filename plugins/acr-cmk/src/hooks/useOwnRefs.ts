import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useMemo } from 'react';
import useAsync from 'react-use/esm/useAsync';

/** The viewer and their groups, lower-cased. Empty until they are known. */
export function useOwnRefs(): ReadonlySet<string> {
  const identity = useApi(identityApiRef);
  const { value } = useAsync(() => identity.getBackstageIdentity(), [identity]);
  return useMemo(
    () => new Set(value?.ownershipEntityRefs.map(ref => ref.toLowerCase())),
    [value],
  );
}
