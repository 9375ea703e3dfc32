import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Link from '@material-ui/core/Link';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type {
  Campaign,
  CampaignDecision,
  CampaignMember,
  WaitingStage as Waiting,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef, useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { useCampaignMembers } from '../../hooks/useCampaigns';
import { useSendOnce } from '../../hooks/useSendOnce';
import { acrCmkCampaignTranslationRef } from '../../translations/campaign';
import { ConfirmationDialog } from '../ActionDialog/ConfirmationDialog';
import { isReason, ReasonField } from '../ActionDialog/ReasonField';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { FleetCard } from '../FleetPage/FleetCard';
import { EntityName } from '../shared/EntityName';
import { SubmitButton } from '../shared/FormDialog';
import { Status } from '../shared/statusStyles';
import { stack } from '../shared/styles';
import { Until } from '../shared/Time';
import { memberStyles } from './campaignStyles';
import { FIRST_PAGE, MembersPage } from './MembersPage';
import { changeOf } from './MembersTable';

const useStyles = makeStyles(
  theme => ({
    root: stack(theme, 1),
    list: { listStyle: 'none', margin: 0, padding: 0 },
    member: {
      display: 'grid',
      gap: theme.spacing(0, 2),
      gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 4fr) auto',
      alignItems: 'center',
      padding: theme.spacing(0.5, 0),
      borderBottom: `1px solid ${theme.palette.divider}`,
      overflowWrap: 'anywhere',
      [theme.breakpoints.down('xs')]: {
        gridTemplateColumns: 'minmax(0, 1fr) auto',
        '& > :nth-child(2)': { gridRow: 2 },
      },
    },
    of: { color: theme.palette.text.secondary },
    reason: { gridColumn: '1 / -1', padding: theme.spacing(1, 0) },
    buttons: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
  }),
  { name: 'AcrCmkWaitingStage' },
);

/** Members of a campaign's stage that wait for the viewer, and one decision about all of them. */
export function WaitingStage(props: { stage: Waiting; onDecided(): void }) {
  const { stage } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkCampaignTranslationRef);
  const [open, setOpen] = useState(false);
  return (
    <FleetCard
      title={t('waiting.title', {
        title: stage.title,
        stage: String(stage.stage),
      })}
    >
      <Typography variant="body2" component="div">
        “{stage.reason}” · {t('waiting.by')}{' '}
        <EntityName entityRef={stage.requestedBy} /> ·{' '}
        {t('waiting.members', { count: stage.members })}
        {stage.expiresAt && (
          <>
            {' · '}
            {t('waiting.expires')} <Until at={stage.expiresAt} />
          </>
        )}
      </Typography>
      <div className={classes.buttons}>
        <Button
          variant={open ? 'outlined' : 'contained'}
          color={open ? 'default' : 'primary'}
          size="small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'waiting.close' : 'waiting.review')}
        </Button>
        <Link
          component={RouterLink}
          to={`../campaigns/${stage.campaignId}`}
          variant="body2"
        >
          {t('waiting.open')}
        </Link>
      </div>
      {open && <Decision {...props} />}
    </FleetCard>
  );
}

function Decision(props: { stage: Waiting; onDecided(): void }) {
  const { stage } = props;
  const classes = useStyles();
  const root = useRef<HTMLFormElement>(null);
  const { t } = useTranslationRef(acrCmkCampaignTranslationRef);
  const request = useSendOnce<Campaign>();
  const { pending, refusal, send, reopen } = request;
  const [place, setPlace] = useState(FIRST_PAGE);
  /** Reasons of the members that are to be rejected, by position. */
  const [rejected, setRejected] = useState<ReadonlyMap<number, string>>(
    new Map(),
  );
  const [missing, setMissing] = useState(0);
  const [rejectsAll, setRejectsAll] = useState(false);
  const [firstList] = useState(stage.hash);
  /** Hash of the list that `rejected` is of. */
  const [checkedList, setCheckedList] = useState(stage.hash);
  const members = useCampaignMembers(
    { id: stage.campaignId, changed: 0, list: stage.hash },
    { mine: true, cursor: place.cursor },
  );
  const shown = members.stale ? undefined : members.data?.items;
  useEffect(() => {
    if (!shown || checkedList === stage.hash) return;
    // Of those that are not shown, nobody knows whether they still wait.
    const positions = new Set(shown.map(({ position }) => position));
    setRejected(
      now => new Map([...now].filter(([position]) => positions.has(position))),
    );
    setCheckedList(stage.hash);
  }, [shown, checkedList, stage.hash]);
  // Nobody decides about what was not shown.
  const isShown = shown !== undefined && checkedList === stage.hash;
  const isOtherList = refusal?.field === 'hash';
  const approved = stage.members - rejected.size;

  const change = (position: number, reason: string | undefined) => {
    reopen();
    const next = new Map(rejected);
    if (reason === undefined) next.delete(position);
    else next.set(position, reason);
    setRejected(next);
  };
  const decide = async (decision: Omit<CampaignDecision, 'hash'>) => {
    if (!isShown) return false;
    const decided = await send(({ campaigns }) =>
      campaigns.decide(stage.campaignId, stage.stage, {
        hash: stage.hash,
        ...decision,
      }),
    );
    // A refusal may be due to another list.
    props.onDecided();
    return decided !== undefined;
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (pending) return;
    if ([...rejected.values()].some(reason => !isReason(reason))) {
      setMissing(times => times + 1);
      return;
    }
    decide({
      rejected: [...rejected].map(([position, reason]) => ({
        position,
        reason: reason.trim(),
      })),
    });
  };

  return (
    <>
      <form
        ref={root}
        tabIndex={-1}
        noValidate
        onSubmit={submit}
        className={classes.root}
      >
        <MembersPage of={members} place={place} onPlace={setPlace}>
          {(items, { hasOthers }) => (
            <>
              <ul className={classes.list} aria-label={t('waiting.list')}>
                {items.map(member => (
                  <Member
                    key={member.position}
                    member={member}
                    reason={rejected.get(member.position)}
                    missing={missing}
                    disabled={pending}
                    onReason={reason => change(member.position, reason)}
                  />
                ))}
              </ul>
              {hasOthers && (
                <Typography variant="body2">
                  {t('waiting.unseen', { members: String(stage.members) })}
                </Typography>
              )}
            </>
          )}
        </MembersPage>
        {(stage.hash !== firstList || isOtherList) && (
          <Typography variant="body2" role="status">
            {t('waiting.changed')}
          </Typography>
        )}
        {refusal && !rejectsAll && !isOtherList && (
          <RefusalNote refusal={refusal} />
        )}
        {members.data && (
          <div className={classes.buttons}>
            <SubmitButton size="small" pending={pending} disabled={!isShown}>
              {rejected.size === 0
                ? t('waiting.approveAll', { count: approved })
                : t('waiting.decide', {
                    approved: String(approved),
                    rejected: String(rejected.size),
                  })}
            </SubmitButton>
            <Button
              size="small"
              disabled={pending || !isShown}
              onClick={() => {
                reopen();
                setRejectsAll(true);
              }}
            >
              {t('waiting.rejectAll')}
            </Button>
          </div>
        )}
      </form>
      {rejectsAll && (
        <ConfirmationDialog
          title={t('waiting.rejectAllTitle', { count: stage.members })}
          confirm={t('waiting.rejectAllConfirm')}
          request={request}
          fallbackFocus={root}
          onConfirm={({ reason }) => decide({ rejected: [], reason })}
          onClosed={() => setRejectsAll(false)}
        >
          <Typography variant="body2">{t('waiting.rejectAllWhat')}</Typography>
        </ConfirmationDialog>
      )}
    </>
  );
}

function Member(props: {
  member: CampaignMember;
  /** Reason why it is to be rejected; undefined while it is to be approved. */
  reason: string | undefined;
  missing: number;
  disabled: boolean;
  onReason(reason: string | undefined): void;
}) {
  const { member, reason, disabled, onReason } = props;
  const { name, registries, entityRef, owner, needs = [] } = member;
  const because = new Set(
    needs.filter(({ by }) => by === undefined).map(need => need.because),
  );
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkCampaignTranslationRef);
  const isRejected = reason !== undefined;
  return (
    <Typography component="li" variant="body2" className={classes.member}>
      <div>
        <strong>{name}</strong>
        {entityRef && (
          <div className={classes.of}>
            <EntityName entityRef={entityRef} />
            {owner && (
              <>
                {' · '}
                <EntityName entityRef={owner} />
              </>
            )}
          </div>
        )}
      </div>
      <div>
        {isRejected ? (
          <Status statusStyle={memberStyles.rejected}>
            {t('waiting.rejected')}
          </Status>
        ) : (
          changeOf(member)
        )}
        {registries.length > 1 &&
          ` · ${t('waiting.affected', { registries: registries.join(', ') })}`}
        {[...because].map(why => (
          <div key={why} className={classes.of}>
            {t('waiting.because', { why })}
          </div>
        ))}
      </div>
      <Button
        size="small"
        disabled={disabled}
        aria-label={t(isRejected ? 'waiting.keepOne' : 'waiting.rejectOne', {
          name,
        })}
        onClick={() => onReason(isRejected ? undefined : '')}
      >
        {t(isRejected ? 'waiting.keep' : 'waiting.reject')}
      </Button>
      {isRejected && (
        <span className={classes.reason}>
          <ReasonField
            label={t('waiting.reasonOne', { name })}
            value={reason}
            onChange={onReason}
            missing={props.missing}
            refused={false}
            disabled={disabled}
          />
        </span>
      )}
    </Typography>
  );
}
