import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { assertNever } from 'backstage-plugin-acr-cmk-common';
import type { Loaded } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';

/** What is wrong with a list; nothing when it is whole. A field never hangs on its list. */
export function ListTrouble(props: {
  of: Loaded<{ complete: boolean }>;
  /** What is not listed can be typed. */
  mayType?: boolean;
}) {
  const { of, mayType } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const typeIt = mayType ? ` ${t('picker.typeIt')}` : '';
  switch (of.status) {
    case 'loading':
      return null;
    case 'denied':
      return <>{`${of.message}.${typeIt}`}</>;
    case 'failed':
      return (
        <>
          {t('picker.failed', { message: readRefusal(of.error).message })}
          {typeIt}
        </>
      );
    case 'ready':
      return of.data.complete ? null : <>{t('picker.incomplete') + typeIt}</>;
    default:
      return assertNever(of);
  }
}
