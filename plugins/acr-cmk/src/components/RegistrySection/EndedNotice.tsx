import Button from '@material-ui/core/Button';
import {
  operationKindOf,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { Note } from '../shared/Note';
import { operationStyles } from '../shared/statusStyles';

/** Result of the operation that ended last, in one line. */
export function EndedNotice(props: {
  operation: Operation;
  onDismiss(): void;
}) {
  const { operation } = props;
  const t = useTexts();
  return (
    <Note
      statusStyle={operationStyles[operation.state]}
      role="status"
      action={
        <Button size="small" onClick={props.onDismiss}>
          {t('operation.dismiss')}
        </Button>
      }
    >
      <strong>
        {t(`operation.kind.${operationKindOf(operation)}`)}:{' '}
        {t(`operation.state.${operation.state}`)}
      </strong>
      {operation.approval?.byCaller && (
        <> · {t(`asked.you.${operation.approval.byCaller}`)}</>
      )}
      {operation.result && <> · {operation.result.message}</>}
    </Note>
  );
}
