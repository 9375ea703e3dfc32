import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import type { Finding, RegistryState } from 'backstage-plugin-acr-cmk-common';
import { useOwnRefs } from '../../hooks/useOwnRefs';
import { useTexts } from '../../translations/ref';
import { EntityName, EntityNames } from '../shared/EntityName';
import { Fact, Facts } from '../shared/layout';
import { PullsSeen } from '../shared/PullsSeen';
import { Ago, Until } from '../shared/Time';
import type { FindingMessage } from './causes';
import { Cause, FindingHelp } from './Findings';

/** The state in one sentence. */
export function StateMessage(props: {
  state: RegistryState;
  /** Label of the state; undefined unless the head shows a running operation instead. */
  word: string | undefined;
}) {
  const { message, until, revoked } = props.state;
  const t = useTexts();
  const { state, how, status } = revoked?.pulls ?? {};
  const isPulled =
    state === 'unreached' && how === 'signed-in' && status === 200;
  return (
    <>
      {props.word && <>{t('head.lastRead', { state: props.word })} · </>}
      {revoked && !revoked.deletedKey
        ? t(isPulled ? 'revoked.stillPulled' : 'revoked.onPurpose')
        : message}
      {until && (
        <>
          {' ('}
          <Until at={until} />)
        </>
      )}
    </>
  );
}

/** The remedy of a state; of a revoked registry by whom, why and until when. */
export function StateDetail(props: {
  state: RegistryState;
  /** Finding with the message of the state. */
  finding: Finding | undefined;
  /** Reason why the state is not known. */
  cause?: FindingMessage;
  /** The viewer can restore access, and has nobody to ask. */
  mayRestore: boolean;
  onShowOperation(id: string): void;
}) {
  const { revoked } = props.state;
  if (revoked) {
    return (
      <RevokedOnPurpose
        revoked={revoked}
        mayRestore={props.mayRestore}
        onShowOperation={props.onShowOperation}
      />
    );
  }
  if (props.finding) return <FindingHelp finding={props.finding} />;
  return props.cause ? (
    <Typography variant="body2" component="div" color="textSecondary">
      <Cause of={props.cause} />
    </Typography>
  ) : null;
}

/** A revoke from this portal. Nothing here says how to undo by hand what was done on purpose. */
function RevokedOnPurpose(props: {
  revoked: NonNullable<RegistryState['revoked']>;
  mayRestore: boolean;
  onShowOperation(id: string): void;
}) {
  const { revoked } = props;
  const t = useTexts();
  const own = useOwnRefs();
  const asked = [...new Set([revoked.by, ...(revoked.askedOf ?? [])])].filter(
    // Nobody asks themselves.
    ref => ref !== revoked.by || !own.has(ref.toLowerCase()),
  );
  return (
    <Facts>
      <Fact name={t(revoked.deletedKey ? 'revoked.deletedBy' : 'revoked.by')}>
        <EntityName entityRef={revoked.by} />, <Ago at={revoked.at} />{' '}
        <Link
          component="button"
          variant="body2"
          onClick={() => props.onShowOperation(revoked.operationId)}
        >
          {t('revoked.show')}
        </Link>
        {revoked.registryName && (
          <div>{t('revoked.ofOther', { registry: revoked.registryName })}</div>
        )}
      </Fact>
      <Fact name={t('revoked.why')}>{revoked.reason}</Fact>
      <Fact name={t('revoked.until')}>
        {revoked.restoresAt ? (
          <>
            {t(
              revoked.restoreOverdue
                ? 'operation.restoreOverdue'
                : 'operation.restores',
            )}{' '}
            <Until at={revoked.restoresAt} />
          </>
        ) : (
          t('revoked.noEnd')
        )}
      </Fact>
      <Fact name={t('revoked.ask')}>
        {!props.mayRestore && asked.length > 0 && <EntityNames of={asked} />}
      </Fact>
      <Fact name={t('revoked.pulls')}>
        {revoked.pulls && <PullsSeen pulls={revoked.pulls} />}
      </Fact>
    </Facts>
  );
}
