import Button from '@material-ui/core/Button';
import IconButton from '@material-ui/core/IconButton';
import ListItemText from '@material-ui/core/ListItemText';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import Typography from '@material-ui/core/Typography';
import MoreVertIcon from '@material-ui/icons/MoreVert';
import type {
  ActionId,
  ActionOffer,
  Intent,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useId, useState } from 'react';
import { useTexts } from '../../translations/ref';
import { useDangerStyles } from '../shared/danger';
import { useExplainPermissions } from '../shared/permissions';
import { namedStyles } from '../shared/styles';
import {
  menuActionsOf,
  reasonBeside,
  reviewLabelOf,
  secondActionOf,
  type MainAction,
} from './mainAction';

const useStyles = namedStyles('Actions', {
  reason: { overflowWrap: 'anywhere' },
  offer: { maxWidth: '24em', whiteSpace: 'normal' },
});

export type OnAction = (action: ActionId, intent?: Intent) => void;

/** A request that waits, the action that fits the state of the registry, Rotate as a second one, and a menu with the others. */
export function HeadActions(props: {
  registry: Pick<RegistryEncryption, 'name' | 'state' | 'findings' | 'actions'>;
  /** Shows the request that waits on the registry. */
  request: { mayApprove: boolean; onShow(): void } | undefined;
  main: MainAction | undefined;
  /** Id of the element with the reason why the main action is not allowed. */
  reasonId: string;
  onAction: OnAction;
}) {
  const { registry, request, main, onAction } = props;
  const second = secondActionOf(registry, main);
  const others = menuActionsOf(registry, main);
  const t = useTexts();
  return (
    <>
      {request && (
        <Button
          variant="contained"
          color="primary"
          size="small"
          onClick={request.onShow}
        >
          {t(request.mayApprove ? 'head.reviewRequest' : 'head.viewRequest')}
        </Button>
      )}
      {main && (
        <Button
          variant={main.isQuiet ? 'outlined' : 'contained'}
          color="primary"
          size="small"
          disabled={!main.offer.allowed}
          aria-describedby={main.offer.allowed ? undefined : props.reasonId}
          onClick={() => onAction(main.offer.action, main.intent)}
        >
          {main.finding
            ? t(reviewLabelOf(main.finding, main.offer))
            : t(`actions.${main.offer.action}.button`)}
        </Button>
      )}
      {second && (
        <Button
          variant="outlined"
          color="primary"
          size="small"
          onClick={() => onAction(second.action)}
        >
          {t(`actions.${second.action}.button`)}
        </Button>
      )}
      {others.length > 0 && (
        <OtherActions
          name={registry.name}
          offers={others}
          onAction={onAction}
        />
      )}
    </>
  );
}

/** Actions that are needed seldom, and some of which can stop the registry. */
function OtherActions(props: {
  name: string;
  offers: ActionOffer[];
  onAction: OnAction;
}) {
  const t = useTexts();
  const menuId = useId();
  const [anchor, setAnchor] = useState<HTMLElement>();
  const [chosen, setChosen] = useState<ActionId>();
  return (
    <>
      <IconButton
        size="small"
        aria-label={t('actions.more', { name: props.name })}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        aria-controls={anchor && menuId}
        onClick={event => setAnchor(event.currentTarget)}
      >
        <MoreVertIcon />
      </IconButton>
      <Menu
        id={menuId}
        open={anchor !== undefined}
        anchorEl={anchor}
        getContentAnchorEl={null}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        transitionDuration={0}
        MenuListProps={{ disabledItemsFocusable: true }}
        // The dialog returns the focus to where it was: by then, to the button.
        TransitionProps={{
          onExited: () => {
            setChosen(undefined);
            if (chosen) props.onAction(chosen);
          },
        }}
        onClose={() => setAnchor(undefined)}
      >
        {props.offers.map(offer => (
          <Offer
            key={offer.action}
            offer={offer}
            onChosen={() => {
              setChosen(offer.action);
              setAnchor(undefined);
            }}
          />
        ))}
      </Menu>
    </>
  );
}

/** An action with its effect, or with the reason why it is not allowed. */
function Offer(props: { offer: ActionOffer; onChosen(): void }) {
  const { action, allowed, reason } = props.offer;
  const classes = useStyles();
  const danger = useDangerStyles();
  const t = useTexts();
  const takesAway = action === 'revoke' || action === 'retire';
  return (
    <MenuItem dense disabled={!allowed} onClick={props.onChosen}>
      <ListItemText
        className={classes.offer}
        primary={t(`operation.kind.${action}`)}
        primaryTypographyProps={{
          className: takesAway && allowed ? danger.text : undefined,
        }}
        secondary={allowed ? t(`actions.${action}.what`) : reason}
      />
    </MenuItem>
  );
}

/** Reason why the main action is not allowed. */
export function MainActionReason(props: {
  registry: Pick<RegistryEncryption, 'state'>;
  main: MainAction | undefined;
  reasonId: string;
}) {
  const classes = useStyles();
  const explain = useExplainPermissions();
  const { registry, main } = props;
  const reason = main && reasonBeside(registry, main.offer);
  if (!main || main.offer.allowed || !reason) return null;
  return (
    <Typography
      id={props.reasonId}
      variant="body2"
      color="textSecondary"
      className={classes.reason}
    >
      {explain(reason)}
    </Typography>
  );
}
