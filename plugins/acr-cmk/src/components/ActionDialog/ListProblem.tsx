import { assertNever } from 'backstage-plugin-acr-cmk-common';
import type { Loaded } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { useTexts } from '../../translations/ref';
import { useExplainPermissions } from '../shared/permissions';
import { sentence } from '../shared/sentence';

/** Reason why a list is missing or incomplete; nothing when it is complete. The field works without it. */
export function ListProblem(props: {
  of: Loaded<{ complete: boolean }>;
  /** Values that are not listed can be typed. */
  mayType?: boolean;
}) {
  const { of, mayType } = props;
  const t = useTexts();
  const explain = useExplainPermissions();
  const typeIt = mayType ? ` ${t('picker.typeIt')}` : '';
  switch (of.status) {
    case 'loading':
      return null;
    case 'denied':
      return <>{sentence(explain(of.message)) + typeIt}</>;
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
