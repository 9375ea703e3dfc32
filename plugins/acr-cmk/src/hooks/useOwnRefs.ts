import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useEffect, useState } from 'react';

/** The viewer and their groups, lower-cased. Empty until they are known. */
export function useOwnRefs(): ReadonlySet<string> {
  const identity = useApi(identityApiRef);
  const [refs, setRefs] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let isShown = true;
    identity.getBackstageIdentity().then(
      ({ ownershipEntityRefs }) => {
        if (isShown) {
          setRefs(new Set(ownershipEntityRefs.map(ref => ref.toLowerCase())));
        }
      },
      // Nothing is called the viewer's own then.
      () => undefined,
    );
    return () => {
      isShown = false;
    };
  }, [identity]);
  return refs;
}
