import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type {
  Campaign,
  CampaignDecision,
  CampaignMember,
  WaitingStage as Waiting,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef, useState } from 'react';
import { useCampaignMembers } from '../../hooks/useCampaigns';
import { useSendOnce } from '../../hooks/useSendOnce';
import { useCampaignTexts } from '../../translations/campaign';
import { ConfirmationDialog } from '../ActionDialog/ConfirmationDialog';
import { isReason, ReasonField } from '../ActionDialog/ReasonField';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { WaitingCard } from '../FleetPage/WaitingCard';
import { OwnedEntity } from '../shared/EntityName';
import { SubmitButton } from '../shared/FormDialog';
import { RouteLink } from '../shared/RouteLink';
import { Status } from '../shared/statusStyles';
import { OperationRow } from '../shared/OperationRow';
import { Row, Stack } from '../shared/Stack';
import { memberStyles } from './campaignStyles';
import { FIRST_PAGE, MembersPage } from './MembersPage';
import { changeOf } from './MembersTable';

/** Members of a campaign's stage that wait for the viewer, and one decision about all of them. */
export function WaitingStage(props: { stage: Waiting; onDecided(): void }) {
  const { stage } = props;
  const t = useCampaignTexts();
  const [open, setOpen] = useState(false);
  return (
    <WaitingCard
      title={t('waiting.title', {
        title: stage.title,
        stage: stage.stage,
      })}
      request={stage}
      affects={t('waiting.members', { count: stage.members })}
    >
      <Row>
        <Button
          variant={open ? 'outlined' : 'contained'}
          color={open ? 'default' : 'primary'}
          size="small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'waiting.close' : 'waiting.review')}
        </Button>
        <RouteLink to={`../campaigns/${stage.campaignId}`} variant="body2">
          {t('waiting.open')}
        </RouteLink>
      </Row>
      {open && <Decision {...props} />}
    </WaitingCard>
  );
}

function Decision(props: { stage: Waiting; onDecided(): void }) {
  const { stage } = props;
  const root = useRef<HTMLFormElement>(null);
  const t = useCampaignTexts();
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
      <form ref={root} tabIndex={-1} noValidate onSubmit={submit}>
        <Stack>
          <MembersPage of={members} place={place} onPlace={setPlace}>
            {(items, { hasOthers }) => (
              <>
                <Stack component="ul" gap={0} aria-label={t('waiting.list')}>
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
                </Stack>
                {hasOthers && (
                  <Typography variant="body2">
                    {t('waiting.unseen', { members: stage.members })}
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
            <Row>
              <SubmitButton size="small" pending={pending} disabled={!isShown}>
                {rejected.size === 0
                  ? t('waiting.approveAll', { count: approved })
                  : t('waiting.decide', {
                      approved,
                      rejected: rejected.size,
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
            </Row>
          )}
        </Stack>
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
  const t = useCampaignTexts();
  const isRejected = reason !== undefined;
  return (
    <OperationRow
      title={name}
      state={
        isRejected && (
          <Status statusStyle={memberStyles.rejected}>
            {t('waiting.rejected')}
          </Status>
        )
      }
      text={
        <>
          {entityRef && (
            <div>
              <OwnedEntity entityRef={entityRef} owner={owner} />
            </div>
          )}
          {!isRejected && changeOf(member)}
          {registries.length > 1 &&
            ` · ${t('waiting.affected', { registries: registries.join(', ') })}`}
          {[...because].map(why => (
            <Typography key={why} variant="body2" color="textSecondary">
              {t('waiting.because', { why })}
            </Typography>
          ))}
        </>
      }
      action={
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
      }
    >
      {isRejected && (
        <ReasonField
          label={t('waiting.reasonOne', { name })}
          value={reason}
          onChange={onReason}
          missing={props.missing}
          refused={false}
          disabled={disabled}
        />
      )}
    </OperationRow>
  );
}
