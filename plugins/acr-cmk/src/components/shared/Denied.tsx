import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Typography from '@material-ui/core/Typography';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Code } from './layout';
import { deniedLook } from './looks';
import { Note } from './Note';

/** The caller may not see it, and which permission would open it. */
export function Denied(props: { permission: string; message: string }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <Note look={deniedLook} role="status">
      <Typography variant="subtitle1" component="h2">
        {t('denied.title')}
      </Typography>
      {props.message}
      <Typography variant="body2">
        {t('denied.permission')} <Code>{props.permission}</Code>
      </Typography>
    </Note>
  );
}
