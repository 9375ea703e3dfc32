import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import GetAppIcon from '@material-ui/icons/GetApp';
import type { FleetFilter } from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { acrCmkApiRef } from '../../api';
import { readRefusal } from '../../hooks/refusal';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';

const FILE = 'registry-encryption.csv';

/** Every registry of the filter as a file, for auditors. */
export function CsvButton({ filter }: { filter: FleetFilter }) {
  const api = useApi(acrCmkApiRef);
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const download = async () => {
    setRunning(true);
    setFailure(undefined);
    try {
      const response = await api.fleet.csv(filter);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await response.blob());
      link.download = FILE;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      setFailure(readRefusal(error).message);
    } finally {
      setRunning(false);
    }
  };
  return (
    <>
      <Button
        variant="outlined"
        size="small"
        startIcon={<GetAppIcon />}
        aria-disabled={running}
        onClick={running ? undefined : download}
      >
        {running ? t('csvRunning') : t('csv')}
      </Button>
      {failure && (
        <Note statusStyle={severityStyles.error} role="alert">
          {t('csvFailed', { message: failure })}
        </Note>
      )}
    </>
  );
}
