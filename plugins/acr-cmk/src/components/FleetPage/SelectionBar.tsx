import Button from '@material-ui/core/Button';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { CampaignSelection } from 'backstage-plugin-acr-cmk-common';
import { useRef, useState } from 'react';
import { useFleetTexts } from '../../translations/fleet';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { namedStyles } from '../shared/styles';
import { MOST_NAMED, type Selection } from './useSelection';

const ChangeDialog = lazyOrNotice(() =>
  import('../Campaigns/ChangeDialog').then(m => m.ChangeDialog),
);

const useStyles = namedStyles('SelectionBar', theme => ({
  // In view wherever the list is scrolled to, and no row moves when it appears.
  root: {
    position: 'sticky',
    bottom: 0,
    zIndex: 1,
    // The portal's navigation is at the bottom of a phone.
    [theme.breakpoints.down('xs')]: { bottom: 56 },
    '&:focus': { outline: 'none' },
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(1, 2),
    marginTop: theme.spacing(1),
    '& > :last-child': { marginLeft: 'auto' },
  },
  many: { flexBasis: '100%' },
}));

/** Number of chosen items, and the button that changes them. */
export function SelectionBar(props: {
  selection: Selection;
  /** Items on all pages. */
  total: number;
  /** Registries or keys are chosen. */
  of: 'registries' | 'keys';
}) {
  const { selection, total, of } = props;
  const { count, all, request } = selection;
  const classes = useStyles();
  const t = useFleetTexts();
  const bar = useRef<HTMLDivElement>(null);
  // The selection may change below the open dialog; what was asked for stays.
  const [asked, setAsked] = useState<{
    selection: CampaignSelection;
    count: number;
  }>();
  return (
    <div ref={bar} tabIndex={-1} className={classes.root}>
      {count > 0 && (
        <Paper
          elevation={4}
          role="group"
          aria-label={t('selection.title')}
          className={classes.bar}
        >
          <Typography variant="body2" role="status">
            <strong>
              {t(all ? 'selection.all' : 'selection.count', { count })}
            </strong>
          </Typography>
          {selection.chooseAll && !all && count < total && (
            <Button size="small" onClick={selection.chooseAll}>
              {t('selection.chooseAll', { total })}
            </Button>
          )}
          <Button
            size="small"
            onClick={() => {
              selection.clear();
              // The button goes, and the focus with it.
              bar.current?.focus();
            }}
          >
            {t('selection.clear')}
          </Button>
          <Button
            size="small"
            variant="contained"
            color="primary"
            disabled={!request}
            onClick={() => request && setAsked({ selection: request, count })}
          >
            {t('selection.change')}
          </Button>
          {!request && (
            <Typography variant="body2" role="alert" className={classes.many}>
              {t('selection.tooMany', { most: MOST_NAMED })}
            </Typography>
          )}
        </Paper>
      )}
      {asked && (
        <ChangeDialog
          title={t(`selection.dialog.${of}`, { count: asked.count })}
          choice={{ selection: asked.selection, of }}
          fallbackFocus={bar}
          onClosed={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}
