import type { ChangedOutside } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';
import { Ago } from '../shared/Time';

/** A change that no operation of this portal made: what, when it was noticed, and whom Azure names. */
export function ChangedOutsideNote({ change }: { change: ChangedOutside }) {
  const t = useTexts();
  const { what, noticedAt, lastModified } = change;
  return (
    <Note statusStyle={severityStyles.info}>
      {t('outside.changed', {
        what: what.map(each => t(`outside.what.${each}`)).join(', '),
      })}{' '}
      <Ago at={noticedAt} />.
      {lastModified && (
        <>
          {' '}
          {lastModified.by
            ? t('outside.by', { by: lastModified.by })
            : t('outside.at')}{' '}
          <Ago at={lastModified.at} />.
        </>
      )}
    </Note>
  );
}
