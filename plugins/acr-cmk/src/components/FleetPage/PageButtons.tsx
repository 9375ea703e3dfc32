import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { useFleetTexts } from '../../translations/fleet';
import { Row } from '../shared/Stack';
import { namedStyles } from '../shared/styles';

/** Place in a list with pages. */
export interface Place {
  cursor?: string;
  /** Items on the pages before this one. */
  from?: number;
}

const useStyles = namedStyles('PageButtons', theme => ({
  root: { marginTop: theme.spacing(1) },
  button: {
    '&[aria-disabled=true]': {
      color: theme.palette.text.disabled,
      cursor: 'default',
    },
  },
}));

/** Leads to the next page of a list and back to its first, where there is more than one. */
export function PageButtons<S extends Place>(props: {
  search: S;
  nextCursor?: string;
  /** Items on this page. */
  shown: number;
  /** Items on all pages. */
  total: number;
  show(next: S): void;
}) {
  const { search, nextCursor, shown, total, show } = props;
  const { from = 0 } = search;
  const classes = useStyles();
  const t = useFleetTexts();
  if (!nextCursor && !search.cursor) return null;
  // Not `disabled`: a button that was just pressed would lose the focus.
  const button = (text: string, possible: boolean, to: Place) => (
    <Button
      className={classes.button}
      aria-disabled={!possible}
      disableRipple={!possible}
      onClick={() => possible && show({ ...search, ...to })}
    >
      {text}
    </Button>
  );
  return (
    <Row justifyContent="flex-end" className={classes.root}>
      <Typography variant="body2">
        {t('table.part', {
          from: from + 1,
          to: from + shown,
          total,
        })}
      </Typography>
      {button(t('table.first'), search.cursor !== undefined, {
        cursor: undefined,
        from: undefined,
      })}
      {button(t('table.next'), nextCursor !== undefined, {
        cursor: nextCursor,
        from: from + shown,
      })}
    </Row>
  );
}
