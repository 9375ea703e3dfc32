import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Collapse from '@material-ui/core/Collapse';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import {
  type Operation,
  operationKindOf,
} from 'backstage-plugin-acr-cmk-common';
import { memo, useId, useState } from 'react';
import type { Known } from '../../hooks/loaded';
import { acrCmkTranslationRef } from '../../translations/ref';
import { OperationFacts, StartedBy } from '../OperationView/OperationView';
import { Steps } from '../OperationView/Steps';
import { Block } from '../shared/layout';
import { PullsSeen } from '../shared/PullsSeen';
import { LoadedView } from '../shared/LoadedView';
import { operationStyles, Status } from '../shared/statusStyles';
import { Ago, dayInWords, useLocale } from '../shared/Time';
import { plainList, stack } from '../shared/styles';
import { useFirst } from '../shared/useFirst';

/** Number of items shown before **More**. */
const FIRST_SHOWN = 5;

const useStyles = makeStyles(
  theme => ({
    list: plainList,
    item: {
      padding: theme.spacing(0.5, 0),
      borderTop: `1px solid ${theme.palette.divider}`,
    },
    line: {
      display: 'grid',
      gridTemplateColumns: '10em 13em minmax(0, 1fr) auto auto',
      columnGap: theme.spacing(2),
      alignItems: 'center',
      [theme.breakpoints.down('sm')]: {
        gridTemplateColumns: 'auto auto minmax(0, 1fr)',
        columnGap: theme.spacing(1),
      },
    },
    kind: { fontWeight: 700 },
    // One line: the whole reason is in the details.
    reason: {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      [theme.breakpoints.down('sm')]: { gridColumn: '1 / -1', gridRow: 2 },
    },
    who: {
      color: theme.palette.text.secondary,
      whiteSpace: 'nowrap',
      [theme.breakpoints.down('sm')]: { gridColumn: '1 / 3', gridRow: 3 },
    },
    button: {
      [theme.breakpoints.down('sm')]: {
        gridColumn: 3,
        gridRow: 3,
        justifySelf: 'end',
      },
    },
    details: {
      ...stack(theme, 2),
      padding: theme.spacing(1, 0, 1, 2),
    },
  }),
  { name: 'AcrCmkHistory' },
);

/** Operations on the registry's key, one line each. */
export const OperationHistory = memo((props: HistoryProps) => {
  const { t } = useTranslationRef(acrCmkTranslationRef);
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
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
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
      <ul className={classes.list}>
        {shown.map(operation => (
          <HistoryItem
            key={operation.id}
            registryId={props.registryId}
            operation={operation}
            onRead={props.onRead}
          />
        ))}
      </ul>
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
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const ownKind = t(`operation.kind.${operationKindOf(operation)}`);
  const isOfOther =
    operation.registryId.toLowerCase() !== registryId.toLowerCase();
  const kind = isOfOther
    ? t('operation.ofRegistry', {
        kind: ownKind,
        registry: operation.registryName,
      })
    : ownKind;
  return (
    <li className={classes.item}>
      <Typography variant="body2" component="div" className={classes.line}>
        <span className={classes.kind}>{kind}</span>
        <Status statusStyle={operationStyles[operation.state]}>
          {t(`operation.state.${operation.state}`)}
        </Status>
        <span className={classes.reason} title={operation.reason}>
          {operation.reason}
        </span>
        <span className={classes.who}>
          <StartedBy operation={operation} />
          {' · '}
          <Ago at={operation.createdAt} />
        </span>
        <Button
          size="small"
          className={classes.button}
          onClick={() => {
            setOpen(!open);
            onRead(operation);
          }}
          aria-expanded={open}
          aria-controls={detailsId}
          aria-label={t('history.detailsOf', {
            what: kind,
            when: dayInWords(new Date(operation.createdAt), locale),
          })}
          endIcon={open ? <ExpandLessIcon /> : <ExpandMoreIcon />}
        >
          {t('history.details')}
        </Button>
      </Typography>
      <div id={detailsId}>
        <Collapse in={open} unmountOnExit>
          <div className={classes.details}>
            <Typography variant="body2">
              {operation.approval?.byCaller &&
                `${t(`asked.you.${operation.approval.byCaller}`)}. `}
              {operation.result?.message ?? operation.plan.summary}{' '}
              {operation.pulls && <PullsSeen pulls={operation.pulls} />}
            </Typography>
            <Steps operation={operation} />
            <OperationFacts operation={operation} />
          </div>
        </Collapse>
      </div>
    </li>
  );
}
