import type { OperationKind } from 'backstage-plugin-acr-cmk-common';
import { useCallback } from 'react';
import { useTexts } from '../../translations/ref';

/** Title of an operation wherever it is named: "Rotate key: shopimages". */
export function useOperationTitle() {
  const t = useTexts();
  return useCallback(
    (kind: OperationKind, registry: string) =>
      t('operation.ofRegistry', {
        kind: t(`operation.kind.${kind}`),
        registry,
      }),
    [t],
  );
}
