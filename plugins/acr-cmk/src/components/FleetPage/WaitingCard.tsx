import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import { useId, type ReactNode } from 'react';
import { useFleetTexts } from '../../translations/fleet';
import { EntityName } from '../shared/EntityName';
import { namedStyles, stack } from '../shared/styles';
import { Ago, Until } from '../shared/Time';

const useStyles = namedStyles('WaitingCard', theme => ({
  card: { ...stack(theme, 1), padding: theme.spacing(2) },
  title: { fontWeight: 700, overflowWrap: 'anywhere' },
}));

/** A request that waits for the viewer: what it is, why, by whom and until when. */
export function WaitingCard(props: {
  title: string;
  request: {
    reason: string;
    requestedBy: string;
    createdAt?: string;
    expiresAt?: string;
    entityRef?: string;
    summary?: string;
  };
  /** Number of registries or members. */
  affects: string;
  children: ReactNode;
}) {
  const { reason, requestedBy, createdAt, expiresAt, entityRef, summary } =
    props.request;
  const classes = useStyles();
  const t = useFleetTexts();
  const titleId = useId();
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-labelledby={titleId}
      className={classes.card}
    >
      <Typography
        id={titleId}
        variant="subtitle1"
        component="h3"
        className={classes.title}
      >
        {props.title}
      </Typography>
      {summary && <Typography variant="body2">{summary}</Typography>}
      <Typography variant="body2" component="div">
        “{reason}” · {t('waiting.by')} <EntityName entityRef={requestedBy} />
        {createdAt && (
          <>
            , <Ago at={createdAt} />
          </>
        )}
        {` · ${props.affects}`}
        {expiresAt && (
          <>
            {' · '}
            {t('waiting.expires')} <Until at={expiresAt} />
          </>
        )}
        {entityRef && (
          <div>
            <EntityName entityRef={entityRef} />
          </div>
        )}
      </Typography>
      {props.children}
    </Paper>
  );
}
