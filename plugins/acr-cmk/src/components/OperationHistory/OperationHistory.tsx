import Button from '@material-ui/core/Button';
import Collapse from '@material-ui/core/Collapse';
import Typography from '@material-ui/core/Typography';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import {
  type Operation,
  operationKindOf,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useId, useState } from 'react';
import type { Known } from '../../hooks/loaded';
import { useTexts } from '../../translations/ref';
import { OperationFacts, StartedBy } from '../OperationView/OperationView';
import { Steps } from '../OperationView/Steps';
import { isSame } from '../shared/isSame';
import { Block } from '../shared/layout';
import { OperationRow } from '../shared/OperationRow';
import { OperationStatus } from '../shared/OperationStatus';
import { PullsSeen } from '../shared/PullsSeen';
import { LoadedView } from '../shared/LoadedView';
import { namedStyles } from '../shared/styles';
import { Ago, dayInWords, useLocale } from '../shared/Time';
import { Stack } from '../shared/Stack';
import { useFirst } from '../shared/useFirst';

/** Number of items shown before **More**. */
const FIRST_SHOWN = 5;

const useStyles = namedStyles('History', theme => ({
  details: { padding: theme.spacing(1, 0, 1, 2) },
}));

/** Operations on the registry's key, one line each. */
export const OperationHistory = memo((props: HistoryProps) => {
  const t = useTexts();
  return (
    <Block folds title={t('history.title')}>
      <LoadedView
        of={props.operations}
        loading={t('history.loading')}
        severity="warning"
        failed={message => t('history.failed', { message })}
      >
        {operations => <History {...props} operations={operations} />}
      </LoadedView>
    </Block>
  );
});

interface HistoryProps {
  /** Owner of the history. Operations of other registries are labelled with their registry. */
  registryId: string;
  /** Operations of this registry. */
  operations: Known<Operation[]>;
  /** Ids of those that are shown above in full. */
  shownAbove: ReadonlySet<string>;
  /** Called when its details are opened. */
  onRead(operation: Operation): void;
}

function History(
  props: Omit<HistoryProps, 'operations'> & { operations: Operation[] },
) {
  const { operations, shownAbove } = props;
  const t = useTexts();
  const listed = operations.filter(({ id }) => !shownAbove.has(id));
  const { shown, more } = useFirst(listed, FIRST_SHOWN);
  if (listed.length === 0) {
    return (
      <Typography variant="body2">
        {t(operations.length > 0 ? 'history.noOther' : 'history.none')}
      </Typography>
    );
  }
  return (
    <>
      <Stack component="ul" gap={0}>
        {shown.map(operation => (
          <HistoryItem
            key={operation.id}
            registryId={props.registryId}
            operation={operation}
            onRead={props.onRead}
          />
        ))}
      </Stack>
      {more}
    </>
  );
}

function HistoryItem({
  registryId,
  operation,
  onRead,
}: {
  registryId: string;
  operation: Operation;
  onRead(operation: Operation): void;
}) {
  const classes = useStyles();
  const t = useTexts();
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const ownKind = t(`operation.kind.${operationKindOf(operation)}`);
  const isOfOther = !isSame(operation.registryId, registryId);
  const kind = isOfOther
    ? t('operation.ofRegistry', {
        kind: ownKind,
        registry: operation.registryName,
      })
    : ownKind;
  return (
    <OperationRow
      title={kind}
      state={<OperationStatus state={operation.state} />}
      text={operation.reason}
      about={
        <>
          <StartedBy operation={operation} />
          {' · '}
          <Ago at={operation.createdAt} />
        </>
      }
      action={
        <Button
          size="small"
          onClick={() => {
            setOpen(!open);
            onRead(operation);
          }}
          aria-expanded={open}
          aria-controls={detailsId}
          aria-label={t('history.detailsOf', {
            what: kind,
            when: dayInWords(operation.createdAt, locale),
          })}
          endIcon={open ? <ExpandLessIcon /> : <ExpandMoreIcon />}
        >
          {t('history.details')}
        </Button>
      }
    >
      <div id={detailsId}>
        <Collapse in={open} unmountOnExit>
          <Stack gap={2} className={classes.details}>
            <Typography variant="body2">
              {operation.approval?.byCaller &&
                `${t(`asked.you.${operation.approval.byCaller}`)}. `}
              {operation.result?.message ?? operation.plan.summary}{' '}
              {operation.pulls && <PullsSeen pulls={operation.pulls} />}
            </Typography>
            <Steps operation={operation} />
            <OperationFacts operation={operation} />
          </Stack>
        </Collapse>
      </div>
    </OperationRow>
  );
}
