import type { Pulls } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { Ago } from './Time';

/** Result of the tests of pulls since an operation ended; nothing once a later operation has changed it. */
export function PullsSeen({ pulls }: { pulls: Pulls }) {
  const t = useTexts();
  const { wanted, state, reason, since, status, checkedAt } = pulls;
  const { how = 'anonymous' } = pulls;
  switch (state) {
    case 'reached':
      return (
        <>
          {wanted === 'refused'
            ? t('pulls.refusedSince')
            : t(`pulls.answeredSince.${how}`)}{' '}
          <Ago at={since!} />. <Reached regions={pulls.regions} />
        </>
      );
    case 'untested':
      return reason ? (
        <>
          {t(`pulls.untested.${reason}`)}{' '}
          {reason === 'refused-before' && <Reached regions={pulls.regions} />}
        </>
      ) : null;
    case 'watching':
    case 'unreached':
      return (
        <>
          {state === 'watching' && t(`pulls.watching.${wanted}`)}
          {state === 'unreached' &&
            (wanted === 'refused'
              ? t(`pulls.notRefused.${how}`)
              : t('pulls.stillRefused'))}{' '}
          {checkedAt && (
            <>
              {status === undefined
                ? t('pulls.notTried')
                : t(`pulls.last.${how}`, { status: String(status) })}{' '}
              <Ago at={checkedAt} />.
            </>
          )}{' '}
          {status !== undefined && <Reached regions={pulls.regions} />}
        </>
      );
    default:
      return null;
  }
}

/** Share of the registry's regions that a test reached; nothing for a registry in one region. */
function Reached({ regions }: { regions?: number }) {
  const t = useTexts();
  if (regions === 1) return null;
  return regions === undefined ? (
    <>{t('pulls.regionsUnknown')}</>
  ) : (
    <>{t('pulls.regions', { count: regions })}</>
  );
}
