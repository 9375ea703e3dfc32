import Button from '@material-ui/core/Button';
import IconButton from '@material-ui/core/IconButton';
import GetAppIcon from '@material-ui/icons/GetApp';
import { useDownload } from '../../hooks/useDownload';
import { Note } from './Note';
import { severityStyles } from './statusStyles';

/** Saves a file, and says when it could not be made. */
export function DownloadButton(props: {
  label: string;
  /** Label of an icon alone while the file is being made. Default: a button with text. */
  running?: string;
  file: string;
  load(): Promise<Blob>;
  failed(message: string): string;
}) {
  const { label, file, load } = props;
  const { running, failure, download } = useDownload();
  const name = running && props.running ? props.running : label;
  const button = {
    size: 'small' as const,
    'aria-disabled': running,
    onClick: () => {
      if (!running) download(file, load);
    },
  };
  return (
    <>
      {props.running ? (
        <IconButton {...button} aria-label={name} title={name}>
          <GetAppIcon />
        </IconButton>
      ) : (
        <Button {...button} variant="outlined" startIcon={<GetAppIcon />}>
          {label}
        </Button>
      )}
      {failure && (
        <Note statusStyle={severityStyles.error} role="alert">
          {props.failed(failure)}
        </Note>
      )}
    </>
  );
}
