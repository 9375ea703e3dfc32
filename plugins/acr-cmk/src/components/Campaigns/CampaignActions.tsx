import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import GetAppIcon from '@material-ui/icons/GetApp';
import type { Campaign } from 'backstage-plugin-acr-cmk-common';
import { useRef, useState } from 'react';
import { acrCmkApiRef } from '../../api';
import { useDownload } from '../../hooks/useDownload';
import { useSendOnce } from '../../hooks/useSendOnce';
import { acrCmkCampaignTranslationRef } from '../../translations/campaign';
import { ConfirmationDialog } from '../ActionDialog/ConfirmationDialog';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(1),
      '&:focus': { outline: 'none' },
    },
  }),
  { name: 'AcrCmkCampaignActions' },
);

/** Commands that the viewer may give, and the report. */
export function CampaignActions(props: {
  campaign: Campaign;
  onChanged(): void;
}) {
  const { campaign, onChanged } = props;
  const { id, offers } = campaign;
  const api = useApi(acrCmkApiRef);
  const classes = useStyles();
  const root = useRef<HTMLDivElement>(null);
  const { t } = useTranslationRef(acrCmkCampaignTranslationRef);
  const request = useSendOnce<Campaign>();
  const { pending, refusal, send, reopen } = request;
  const [aborts, setAborts] = useState(false);
  const report = useDownload();
  const command = (what: 'pause' | 'resume' | 'retry') => async () => {
    if (pending) return;
    const changed = await send(({ campaigns }) => campaigns[what](id));
    // The button may be gone, and the focus with it.
    if (changed) root.current?.focus();
    onChanged();
  };
  const save = (kind: 'reportJson' | 'reportCsv') =>
    kind === 'reportCsv'
      ? report.download(`campaign-${id}.csv`, async () =>
          (await api.campaigns.reportCsv(id)).blob(),
        )
      : report.download(`campaign-${id}.json`, async () => {
          const text = JSON.stringify(await api.campaigns.report(id), null, 2);
          return new Blob([text], { type: 'application/json' });
        });
  return (
    <>
      <div ref={root} tabIndex={-1} className={classes.root}>
        {(['pause', 'resume', 'retry'] as const)
          .filter(what => offers.includes(what))
          .map(what => (
            <Button
              key={what}
              size="small"
              variant="outlined"
              aria-disabled={pending}
              onClick={command(what)}
            >
              {t(`command.${what}`)}
            </Button>
          ))}
        {offers.includes('abort') && (
          <Button
            size="small"
            variant="outlined"
            onClick={() => {
              reopen();
              setAborts(true);
            }}
          >
            {t('command.abort')}
          </Button>
        )}
        {offers.includes('report') &&
          (['reportJson', 'reportCsv'] as const).map(kind => (
            <Button
              key={kind}
              size="small"
              variant="outlined"
              aria-disabled={report.running}
              startIcon={<GetAppIcon />}
              onClick={() => report.running || save(kind)}
            >
              {t(`command.${kind}`)}
            </Button>
          ))}
      </div>
      {report.failure && (
        <Note statusStyle={severityStyles.error} role="alert">
          {t('command.reportFailed', { message: report.failure })}
        </Note>
      )}
      {refusal && !aborts && <RefusalNote refusal={refusal} />}
      {aborts && (
        <ConfirmationDialog
          title={t('command.abortDialog.title')}
          confirm={t('command.abortDialog.confirm')}
          request={request}
          fallbackFocus={root}
          onConfirm={async ({ reason }) => {
            const aborted = await send(({ campaigns }) =>
              campaigns.abort(id, { reason }),
            );
            onChanged();
            return aborted !== undefined;
          }}
          onClosed={() => setAborts(false)}
        >
          <Typography variant="body2">
            {t('command.abortDialog.what')}
          </Typography>
        </ConfirmationDialog>
      )}
    </>
  );
}
