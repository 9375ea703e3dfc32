import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Collapse from '@material-ui/core/Collapse';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import { assertNever, type Operation } from 'backstage-plugin-acr-cmk-common';
import { memo, useId, useState } from 'react';
import type { Known } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';
import { OperationFacts } from '../OperationView/OperationView';
import { Steps } from '../OperationView/Steps';
import { Denied } from '../shared/Denied';
import { EntityName } from '../shared/EntityName';
import { Block } from '../shared/layout';
import { operationLooks, severityLooks, Status } from '../shared/looks';
import { Note } from '../shared/Note';
import { Ago } from '../shared/Time';

/** How many are shown before a person asks for more. */
const FIRST_SHOWN = 5;

const useStyles = makeStyles(
  theme => ({
    list: { listStyle: 'none', margin: 0, padding: 0 },
    item: {
      padding: theme.spacing(1, 0),
      borderTop: `1px solid ${theme.palette.divider}`,
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.5, 2),
      alignItems: 'flex-start',
      justifyContent: 'space-between',
    },
    kind: { fontWeight: 700, marginRight: theme.spacing(1) },
    what: { flex: '1 1 20em', minWidth: 0, overflowWrap: 'anywhere' },
    details: {
      display: 'grid',
      gap: theme.spacing(2),
      gridTemplateColumns: 'minmax(0, 1fr)',
      padding: theme.spacing(1, 0, 1, 2),
    },
  }),
  { name: 'AcrCmkHistory' },
);

/** What was done with this registry's key: who, why, and how it ended. */
export const OperationHistory = memo((props: HistoryProps) => {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <Block title={t('history.title')}>
      <History {...props} />
    </Block>
  );
});

interface HistoryProps {
  operations: Known<Operation[]>;
  registryId: string;
  /** Ids of those that are shown above in full. */
  shownAbove: ReadonlySet<string>;
}

function History(props: HistoryProps) {
  const { operations, registryId, shownAbove } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const [all, setAll] = useState(false);
  switch (operations.status) {
    case 'loading':
      return <Progress aria-label={t('history.loading')} />;
    case 'denied':
      return <Denied {...operations} />;
    case 'failed':
      return (
        <Note
          look={severityLooks.warning}
          action={
            <Button size="small" onClick={operations.retry}>
              {t('tryAgain')}
            </Button>
          }
        >
          {t('history.failed', {
            message: readRefusal(operations.error).message,
          })}
        </Note>
      );
    case 'ready': {
      const own = operations.data.filter(
        operation =>
          operation.registryId.toLowerCase() === registryId.toLowerCase() &&
          !shownAbove.has(operation.id),
      );
      const shown = all ? own : own.slice(0, FIRST_SHOWN);
      if (own.length === 0) {
        return <Typography variant="body2">{t('history.none')}</Typography>;
      }
      return (
        <>
          <ul className={classes.list}>
            {shown.map(operation => (
              <HistoryItem key={operation.id} operation={operation} />
            ))}
          </ul>
          {own.length > shown.length && (
            <Button size="small" onClick={() => setAll(true)}>
              {t('more', { count: own.length - shown.length })}
            </Button>
          )}
        </>
      );
    }
    default:
      return assertNever(operations);
  }
}

function HistoryItem({ operation }: { operation: Operation }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <Typography variant="body2" component="div" className={classes.what}>
          <div>
            <span className={classes.kind}>
              {t(`operation.kind.${operation.intent.kind}`)}
            </span>{' '}
            <Status look={operationLooks[operation.state]}>
              {t(`operation.state.${operation.state}`)}
            </Status>
          </div>
          {operation.result && <div>{operation.result.message}</div>}
          <Typography variant="body2" component="div" color="textSecondary">
            <EntityName entityRef={operation.requestedBy} />
            {' · '}
            <Ago at={operation.createdAt} />
            {' · '}
            {t('history.why', { reason: operation.reason })}
          </Typography>
        </Typography>
        <Button
          size="small"
          onClick={() => setOpen(!open)}
          aria-expanded={open}
          aria-controls={detailsId}
          endIcon={open ? <ExpandLessIcon /> : <ExpandMoreIcon />}
        >
          {t('history.details')}
        </Button>
      </div>
      <div id={detailsId}>
        <Collapse in={open} unmountOnExit>
          <div className={classes.details}>
            <Typography variant="body2">{operation.plan.summary}</Typography>
            <Steps steps={operation.steps} />
            <OperationFacts operation={operation} />
          </div>
        </Collapse>
      </div>
    </li>
  );
}
