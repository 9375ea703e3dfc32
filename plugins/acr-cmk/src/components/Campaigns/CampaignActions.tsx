import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type { Campaign } from 'backstage-plugin-acr-cmk-common';
import { useRef, useState } from 'react';
import { acrCmkApiRef } from '../../api';
import { useSendOnce } from '../../hooks/useSendOnce';
import { useCampaignTexts } from '../../translations/campaign';
import { ConfirmationDialog } from '../ActionDialog/ConfirmationDialog';
import { RefusalNote } from '../ActionDialog/RefusalNote';
import { DownloadButton } from '../shared/DownloadButton';
import { Row } from '../shared/Stack';

/** Commands that the viewer may give, and the report. */
export function CampaignActions(props: {
  campaign: Campaign;
  onChanged(): void;
}) {
  const { campaign, onChanged } = props;
  const { id, offers } = campaign;
  const api = useApi(acrCmkApiRef);
  const root = useRef<HTMLDivElement>(null);
  const t = useCampaignTexts();
  const { pending, refusal, send } = useSendOnce<Campaign>();
  // A sender of its own: an abort must not wait for the answer to a pause.
  const abort = useSendOnce<Campaign>();
  const [aborts, setAborts] = useState(false);
  const reportFailed = (message: string) =>
    t('command.reportFailed', { message });
  const command = (what: 'pause' | 'resume' | 'retry') => async () => {
    if (pending) return;
    const changed = await send(({ campaigns }) => campaigns[what](id));
    // The button may be gone, and the focus with it.
    if (changed) root.current?.focus();
    onChanged();
  };
  return (
    <>
      <Row ref={root} tabIndex={-1}>
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
              abort.reopen();
              setAborts(true);
            }}
          >
            {t('command.abort')}
          </Button>
        )}
        {offers.includes('report') && (
          <>
            <DownloadButton
              label={t('command.reportJson')}
              file={`campaign-${id}.json`}
              load={async () => {
                const report = await api.campaigns.report(id);
                return new Blob([JSON.stringify(report, null, 2)], {
                  type: 'application/json',
                });
              }}
              failed={reportFailed}
            />
            <DownloadButton
              label={t('command.reportCsv')}
              file={`campaign-${id}.csv`}
              load={async () => (await api.campaigns.reportCsv(id)).blob()}
              failed={reportFailed}
            />
          </>
        )}
      </Row>
      {refusal && !aborts && <RefusalNote refusal={refusal} />}
      {aborts && (
        <ConfirmationDialog
          title={t('command.abortDialog.title')}
          confirm={t('command.abortDialog.confirm')}
          request={abort}
          fallbackFocus={root}
          onConfirm={async ({ reason }) => {
            const aborted = await abort.send(({ campaigns }) =>
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
