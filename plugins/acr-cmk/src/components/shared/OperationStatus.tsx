import type { OperationState } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { operationStyles, Status } from './statusStyles';

/** The state of an operation, as every list and view shows it. */
export function OperationStatus({ state }: { state: OperationState }) {
  const t = useTexts();
  return (
    <Status statusStyle={operationStyles[state]}>
      {t(`operation.state.${state}`)}
    </Status>
  );
}
