import { useTranslationRef } from '@backstage/frontend-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import GetAppIcon from '@material-ui/icons/GetApp';
import { useState } from 'react';
import { readRefusal } from '../../hooks/refusal';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';

/** All items of the filter as a file. */
export function CsvButton(props: {
  /** Its name, without the extension. */
  file: string;
  load(): Promise<Response>;
}) {
  const { file, load } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<string>();
  const download = async () => {
    setRunning(true);
    setFailure(undefined);
    try {
      const response = await load();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await response.blob());
      link.download = `${file}.csv`;
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
      <IconButton
        size="small"
        aria-label={running ? t('csvRunning') : t('csv')}
        title={running ? t('csvRunning') : t('csv')}
        aria-disabled={running}
        onClick={running ? undefined : download}
      >
        <GetAppIcon />
      </IconButton>
      {failure && (
        <Note statusStyle={severityStyles.error} role="alert">
          {t('csvFailed', { message: failure })}
        </Note>
      )}
    </>
  );
}
