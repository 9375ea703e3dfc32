import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import {
  DEFAULT_CAMPAIGN_STRATEGY,
  type Campaign,
  type CampaignSelection,
} from 'backstage-plugin-acr-cmk-common';
import { useId, useState, type RefObject } from 'react';
import { useNavigate } from 'react-router-dom';
import { useCampaign, useCampaignEstimate } from '../../hooks/useCampaigns';
import { dataOf } from '../../hooks/loaded';
import { useSendOnce, type SendOnce } from '../../hooks/useSendOnce';
import { useCampaignTexts } from '../../translations/campaign';
import { useTexts } from '../../translations/ref';
import {
  ConfirmationFields,
  useConfirmation,
} from '../ActionDialog/ConfirmationFields';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { FormActions, FormContent, FormDialog } from '../shared/FormDialog';
import { LoadedView } from '../shared/LoadedView';
import { namedStyles } from '../shared/styles';
import { campaignIntentOf, intentAnswers } from './intentAnswers';
import { IntentForm } from './IntentForm';
import { PreviewPart } from './PreviewPart';
import { StrategyForm } from './StrategyForm';
import {
  strategyAnswers,
  strategyField,
  strategyFrom,
  type StrategyAnswers,
} from './strategyAnswers';

const useStyles = namedStyles('ChangeDialog', theme => ({
  content: {
    gap: theme.spacing(2),
    // On a narrow screen the dialog is as high as the screen; the content stays at its top.
    alignContent: 'start',
    // Another step is not another size.
    [theme.breakpoints.up('sm')]: { minHeight: '60vh' },
  },
}));

const DEFAULT_ANSWERS = strategyAnswers(DEFAULT_CAMPAIGN_STRATEGY);
const BY_DEFAULT = JSON.stringify(strategyFrom(DEFAULT_ANSWERS).strategy);

/** From the change of many registries to its campaign: intent, preview, strategy, reason, start. */
export function ChangeDialog(props: {
  title: string;
  /** Selected registries or keys. Absent: continues with a preview that was made before. */
  choice?: { selection: CampaignSelection; of: 'registries' | 'keys' };
  /** Campaign with that preview. */
  previewed?: string;
  /** Takes the focus when the button that opened the dialog cannot. */
  fallbackFocus: RefObject<HTMLElement>;
  /** Default: opens the page of the campaign. */
  onStarted?(): void;
  onClosed(): void;
}) {
  const { choice, onStarted } = props;
  const [answers, setAnswers] = useState(() =>
    intentAnswers(choice?.of === 'keys' ? 'new-version' : 'automatic-mode'),
  );
  const [campaignId, setCampaignId] = useState(props.previewed);
  const create = useSendOnce<Campaign>();
  // They outlive the preview, which may be made again.
  const [strategy, setStrategy] = useState(DEFAULT_ANSWERS);
  const confirmation = useConfirmation();
  const start = useSendOnce<Campaign>();
  const intent = campaignIntentOf(answers);
  const preview = async () => {
    if (!intent || !choice || create.pending) return;
    start.reopen();
    const campaign = await create.send(({ campaigns }) =>
      campaigns.create({ intent, selection: choice.selection }),
    );
    setCampaignId(campaign?.id);
  };
  return (
    <FormDialog
      title={props.title}
      wide
      pending={create.pending || start.pending}
      fallbackFocus={props.fallbackFocus}
      onClosed={props.onClosed}
    >
      {close =>
        campaignId === undefined ? (
          <IntentStep
            request={create}
            complete={intent !== undefined}
            onPreview={preview}
            onCancel={close}
          >
            <IntentForm
              answers={answers}
              disabled={create.pending}
              onAnswers={changed => {
                create.reopen();
                setAnswers(changed);
              }}
            />
          </IntentStep>
        ) : (
          <StartStep
            key={campaignId}
            id={campaignId}
            answers={strategy}
            onAnswers={setStrategy}
            confirmation={confirmation}
            request={start}
            onBack={choice && (() => setCampaignId(undefined))}
            onAgain={choice && preview}
            onStarted={
              onStarted &&
              (() => {
                onStarted();
                close();
              })
            }
            onCancel={close}
          />
        )
      }
    </FormDialog>
  );
}

function IntentStep(props: {
  request: SendOnce<Campaign>;
  complete: boolean;
  onPreview(): void;
  onCancel(): void;
  children: React.ReactNode;
}) {
  const { pending, refusal } = props.request;
  const classes = useStyles();
  const t = useCampaignTexts();
  const tOf = useTexts();
  return (
    <>
      <FormContent className={classes.content} below={null}>
        {props.children}
        <Typography variant="body2" color="textSecondary">
          {t('intent.nothingYet')}
        </Typography>
      </FormContent>
      <FormActions
        close={tOf('cancel')}
        confirm={t('intent.preview')}
        pending={pending}
        disabled={!props.complete}
        onConfirm={props.onPreview}
        onClose={props.onCancel}
      >
        {refusal && <RefusalNote refusal={refusal} />}
      </FormActions>
    </>
  );
}

/** The preview, and what its start needs. */
function StartStep(props: {
  id: string;
  answers: StrategyAnswers;
  onAnswers(answers: StrategyAnswers): void;
  confirmation: ReturnType<typeof useConfirmation>;
  /** Sends the start. */
  request: SendOnce<Campaign>;
  /** Returns to the choice of the change. */
  onBack?(): void;
  /** Makes the preview again. */
  onAgain?(): void;
  /** Default: opens the page of the campaign. */
  onStarted?(): void;
  onCancel(): void;
}) {
  const { id, answers, confirmation, onBack, onAgain } = props;
  const classes = useStyles();
  const formId = useId();
  const t = useCampaignTexts();
  const tOf = useTexts();
  const navigate = useNavigate();
  const loaded = useCampaign(id);
  const { pending, refusal, send, reopen } = props.request;
  const read = strategyFrom(answers);
  // A wrong answer from before is in view.
  const [editsStrategy, setEditsStrategy] = useState(!read.strategy);
  const campaign = dataOf(loaded);
  // That of the default strategy is known.
  const isDefault = JSON.stringify(read.strategy) === BY_DEFAULT;
  const estimate = useCampaignEstimate(
    id,
    campaign && !isDefault ? read.strategy : undefined,
  );
  // After a lost answer the same start is safe, also where the campaign is seen to have started.
  const mayStart =
    campaign !== undefined &&
    (campaign.offers.includes('start') ||
      pending ||
      refusal?.unanswered === true);
  const isInterrupted = campaign?.state === 'interrupted';
  const refusedField = strategyField(refusal?.field);
  const refused =
    refusal && refusedField !== undefined
      ? { field: refusedField, problem: refusal.problem }
      : undefined;

  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    if (pending || !mayStart || !campaign.hash) return;
    if (!read.strategy) {
      setEditsStrategy(true);
      return;
    }
    if (!confirmation.hasReason()) return;
    const start = {
      hash: campaign.hash,
      strategy: read.strategy,
      reason: confirmation.reason.trim(),
    };
    const started = await send(({ campaigns }) => campaigns.start(id, start));
    if (!started) return;
    if (props.onStarted) props.onStarted();
    else navigate(`../campaigns/${id}`);
  };

  return (
    <>
      <FormContent
        className={classes.content}
        below={
          mayStart && (
            <form id={formId} noValidate onSubmit={submit}>
              <ConfirmationFields
                confirmation={confirmation}
                refusal={refusal}
                disabled={pending}
              />
            </form>
          )
        }
      >
        <LoadedView
          of={loaded}
          loading={t('loading')}
          failed={message => t('failed', { message })}
        >
          {shown => (
            <PreviewPart
              campaign={shown}
              named={onBack !== undefined}
              estimatedSeconds={
                isDefault ? undefined : (estimate?.estimatedSeconds ?? null)
              }
            >
              {mayStart && (
                <StrategyForm
                  strategy={read.strategy}
                  answers={answers}
                  problems={read.problems}
                  refused={refused}
                  open={editsStrategy}
                  disabled={pending}
                  onOpen={setEditsStrategy}
                  onAnswers={changed => {
                    reopen();
                    props.onAnswers(changed);
                  }}
                />
              )}
            </PreviewPart>
          )}
        </LoadedView>
      </FormContent>
      <FormActions
        formId={formId}
        close={tOf('cancel')}
        confirm={isInterrupted ? undefined : t('start.start')}
        pending={pending}
        disabled={!mayStart || !read.strategy}
        first={
          onBack && (
            <Button onClick={onBack} disabled={pending}>
              {t('start.back')}
            </Button>
          )
        }
        other={
          isInterrupted &&
          onAgain && (
            <Button variant="contained" color="primary" onClick={onAgain}>
              {t('preview.again')}
            </Button>
          )
        }
        onClose={props.onCancel}
      >
        {refusal && (
          <RefusalNote
            refusal={refusal}
            // It may have started; a new plan would be a second campaign.
            onReplan={refusal.unanswered ? undefined : onAgain}
          />
        )}
      </FormActions>
    </>
  );
}
