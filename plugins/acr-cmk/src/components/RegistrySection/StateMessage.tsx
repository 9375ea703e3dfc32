import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import type { Finding, RegistryState } from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { EntityName } from '../shared/EntityName';
import { explanationOf } from '../shared/explanation';
import { ExternalLink } from '../shared/layout';
import { PullsSeen } from '../shared/PullsSeen';
import { Ago, Until } from '../shared/Time';

/** The state in a message, what to do about it, and of a revoked registry by whom, why and until when. */
export function StateMessage(props: {
  state: RegistryState;
  /** Label of the state; undefined unless the head shows a running operation instead. */
  word: string | undefined;
  /** Finding with the message of the state. */
  finding: Finding | undefined;
  onShowOperation(id: string): void;
}) {
  const { finding } = props;
  const { message, until, revoked } = props.state;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      {props.word && <>{t('head.lastRead', { state: props.word })} · </>}
      {message}
      {until && (
        <>
          {' ('}
          <Until at={until} />)
        </>
      )}
      {finding?.remedy && (
        <Typography variant="body2">
          {t('remedy', { remedy: finding.remedy })}
        </Typography>
      )}
      {finding && (
        <Typography variant="body2" component="div">
          <ExternalLink href={explanationOf(finding)}>
            {t('findings.more')}
          </ExternalLink>
        </Typography>
      )}
      {revoked && (
        <Typography variant="body2" component="div">
          {t(revoked.deletedKey ? 'revoked.deletedBy' : 'revoked.by')}{' '}
          <EntityName entityRef={revoked.by} /> <Ago at={revoked.at} />:{' '}
          {t('revoked.why', { reason: revoked.reason })}
          {revoked.registryName && (
            <> {t('revoked.ofOther', { registry: revoked.registryName })}</>
          )}
          {revoked.restoresAt && (
            <>
              {' '}
              {t('revoked.restores')} <Until at={revoked.restoresAt} />.
            </>
          )}{' '}
          {revoked.pulls && <PullsSeen pulls={revoked.pulls} />}{' '}
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
