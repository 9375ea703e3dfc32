import { useTranslationRef } from '@backstage/frontend-plugin-api';
import IconButton from '@material-ui/core/IconButton';
import GetAppIcon from '@material-ui/icons/GetApp';
import { useDownload } from '../../hooks/useDownload';
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
  const { running, failure, download } = useDownload();
  return (
    <>
      <IconButton
        size="small"
        aria-label={running ? t('csvRunning') : t('csv')}
        title={running ? t('csvRunning') : t('csv')}
        aria-disabled={running}
        onClick={() =>
          running || download(`${file}.csv`, async () => (await load()).blob())
        }
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
