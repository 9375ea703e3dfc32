import type {
  FleetRegistry,
  OperationKind,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { operationStyles, Status } from '../shared/statusStyles';
import { Ago } from '../shared/Time';

const KINDS = [
  'rotate',
  'automatic-rotation',
  'revoke',
  'restore',
  'retire',
  'create-registry',
  'change-key',
  'change-version',
  'change-mode',
  'change-identity',
  'resend-key',
] as const satisfies readonly OperationKind[];

function isKind(kind: string): kind is OperationKind {
  return (KINDS as readonly string[]).includes(kind);
}

/** The newest operation on a registry: its kind, how it stands, and since when. */
export function LastOperation(props: {
  operation: NonNullable<FleetRegistry['lastOperation']>;
}) {
  const { kind, state, at } = props.operation;
  const t = useTexts();
  return (
    <>
      {isKind(kind) ? t(`operation.kind.${kind}`) : kind}
      {': '}
      <Status statusStyle={operationStyles[state]}>
        {t(`operation.state.${state}`)}
      </Status>{' '}
      <Ago at={at} />
    </>
  );
}
