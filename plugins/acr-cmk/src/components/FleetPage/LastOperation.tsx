import type { FleetOperation } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { OperationStatus } from '../shared/OperationStatus';
import { Ago } from '../shared/Time';

/** The newest operation on a registry: its kind, how it stands, and since when. */
export function LastOperation({ operation }: { operation: FleetOperation }) {
  const { kind, state, at } = operation;
  const t = useTexts();
  return (
    <>
      {t(`operation.kind.${kind}`)}
      {': '}
      <OperationStatus state={state} /> <Ago at={at} />
    </>
  );
}
