import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { Pulls } from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Ago } from './Time';

/** Result of test pulls since an operation ended; nothing once a later operation has changed it. */
export function PullsSeen({ pulls }: { pulls: Pulls }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { wanted, state, since, status, checkedAt } = pulls;
  switch (state) {
    case 'reached':
      return (
        <>
          {t(`pulls.${wanted}Since`)} <Ago at={since!} />.
        </>
      );
    case 'watching':
    case 'unreached':
      return (
        <>
          {t(`pulls.${state}.${wanted}`)}{' '}
          {checkedAt && (
            <>
              {status === undefined
                ? t('pulls.notTried')
                : t('pulls.last', { status: String(status) })}{' '}
              <Ago at={checkedAt} />.
            </>
          )}
        </>
      );
    default:
      return null;
  }
}
