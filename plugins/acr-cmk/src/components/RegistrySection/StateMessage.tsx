import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import type { RegistryState } from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { EntityName } from '../shared/EntityName';
import { Ago, Until } from '../shared/Time';

/** The state in a message, and of a revoked registry by whom, why and until when. */
export function StateMessage(props: {
  state: RegistryState;
  onShowOperation(id: string): void;
}) {
  const { message, until, revoked } = props.state;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      {message}
      {until && (
        <>
          {' ('}
          <Until at={until} />)
        </>
      )}
      {revoked && (
        <Typography variant="body2" component="div">
          {t('revoked.by')} <EntityName entityRef={revoked.by} />{' '}
          <Ago at={revoked.at} />:{' '}
          {t('revoked.why', { reason: revoked.reason })}
          {revoked.restoresAt && (
            <>
              {' '}
              {t('revoked.restores')} <Until at={revoked.restoresAt} />.
            </>
          )}{' '}
          <Link
            component="button"
            variant="body2"
            onClick={() => props.onShowOperation(revoked.operationId)}
          >
            {t('revoked.show')}
          </Link>
        </Typography>
      )}
    </>
  );
}
