import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import type { FleetSearch } from './fleetSearch';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      justifyContent: 'flex-end',
      gap: theme.spacing(1),
      marginTop: theme.spacing(1),
    },
    button: {
      '&[aria-disabled=true]': {
        color: theme.palette.text.disabled,
        cursor: 'default',
      },
    },
  }),
  { name: 'AcrCmkPageButtons' },
);

/** Leads to the next page of a list and back to its first, where there is more than one. */
export function PageButtons(props: {
  search: FleetSearch;
  nextCursor?: string;
  show(next: FleetSearch): void;
}) {
  const { search, nextCursor, show } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  if (!nextCursor && !search.cursor) return null;
  // Not `disabled`: a button that was just pressed would lose the focus.
  const button = (text: string, possible: boolean, cursor?: string) => (
    <Button
      className={classes.button}
      aria-disabled={!possible}
      disableRipple={!possible}
      onClick={() => possible && show({ ...search, cursor })}
    >
      {text}
    </Button>
  );
  return (
    <div className={classes.root}>
      {button(t('table.first'), search.cursor !== undefined)}
      {button(t('table.next'), nextCursor !== undefined, nextCursor)}
    </div>
  );
}
