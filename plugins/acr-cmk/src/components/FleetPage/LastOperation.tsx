import type { FleetOperation } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { operationStyles, Status } from '../shared/statusStyles';
import { Ago } from '../shared/Time';

/** The newest operation on a registry: its kind, how it stands, and since when. */
export function LastOperation({ operation }: { operation: FleetOperation }) {
  const { kind, state, at } = operation;
  const t = useTexts();
  return (
    <>
      {t(`operation.kind.${kind}`)}
      {': '}
      <Status statusStyle={operationStyles[state]}>
        {t(`operation.state.${state}`)}
      </Status>{' '}
      <Ago at={at} />
    </>
  );
}
