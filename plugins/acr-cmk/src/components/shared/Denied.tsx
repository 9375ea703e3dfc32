import Typography from '@material-ui/core/Typography';
import { useTexts } from '../../translations/ref';
import { Note } from './Note';
import { useExplainPermissions } from './permissions';
import { deniedStyle } from './statusStyles';

/** The viewer has no access, and which permission would give it. */
export function Denied(props: { permission: string; message: string }) {
  const t = useTexts();
  const explain = useExplainPermissions();
  return (
    <Note statusStyle={deniedStyle} role="status">
      <Typography variant="subtitle1" component="h2">
        {t('denied.title')}
      </Typography>
      {props.message}
      <Typography variant="body2">
        {t('denied.permission')} {explain(props.permission)}
      </Typography>
    </Note>
  );
}
