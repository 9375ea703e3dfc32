import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';

/** A search matches so many entities that it leaves them out. */
export function SearchIncomplete() {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <Note statusStyle={severityStyles.info} role="status">
      {t('searchIncomplete')}
    </Note>
  );
}
