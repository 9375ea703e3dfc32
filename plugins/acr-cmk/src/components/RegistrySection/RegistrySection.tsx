import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ActionId,
  Operation,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef, useState } from 'react';
import type { Loaded } from '../../hooks/loaded';
import { acrCmkTranslationRef } from '../../translations/ref';
import { ActionDialog } from '../ActionDialog';
import { BlastRadius } from '../BlastRadius';
import { OperationHistory } from '../OperationHistory';
import { LiveOperation } from '../OperationView';
import { ExternalLink } from '../shared/layout';
import { severityLooks, stateLooks } from '../shared/looks';
import { Note } from '../shared/Note';
import { registryInPortal } from '../shared/portalLinks';
import { Ago, Until } from '../shared/Time';
import { VersionTimeline } from '../VersionTimeline';
import { Actions } from './Actions';
import { Findings } from './Findings';
import { AccessFacts, KeyFacts, VaultFacts } from './RegistryFacts';
import { SectionFrame } from './SectionFrame';

const useStyles = makeStyles(
  theme => ({
    columns: {
      display: 'grid',
      gap: theme.spacing(3),
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 24em), 1fr))',
    },
    column: {
      display: 'grid',
      gap: theme.spacing(3),
      gridTemplateColumns: 'minmax(0, 1fr)',
    },
  }),
  { name: 'AcrCmkRegistrySection' },
);

/** Everything about one registry's key in one glance, and what can be done about it. */
export function RegistrySection(props: {
  entityRef: string;
  registry: RegistryEncryption;
  operations: Loaded<Operation[]>;
  refreshing: boolean;
  refresh(): void;
  reload(): void;
}) {
  const { entityRef, registry, operations, reload } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<ActionId>();
  const [followed, follow] = useFollowed(registry.runningOperationId);

  const portal = registryInPortal(registry.registryId);
  return (
    <SectionFrame
      ref={heading}
      name={registry.name}
      look={stateLooks[registry.state.id]}
      word={t(`state.${registry.state.id}`)}
      sentence={
        <>
          {registry.state.sentence}
          {registry.state.until && (
            <>
              {' ('}
              <Until at={registry.state.until} />)
            </>
          )}
        </>
      }
      age={
        <>
          {t('head.checked')} <Ago at={registry.freshness.observedAt} />
        </>
      }
      refreshing={props.refreshing}
      refresh={props.refresh}
    >
      {registry.freshness.stale && (
        <Note look={severityLooks.warning} role="status">
          {t('head.stale')} {registry.freshness.problem}
        </Note>
      )}
      {followed && (
        <LiveOperation
          key={followed.id}
          id={followed.id}
          first={followed.first}
          onEnd={reload}
          onHide={() => follow(undefined)}
        />
      )}
      <Findings findings={registry.findings} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <KeyFacts registry={registry} />
          <VaultFacts registry={registry} />
        </div>
        <AccessFacts registry={registry} />
      </div>
      {registry.key?.known && (
        <VersionTimeline
          registryName={registry.name}
          registryKey={registry.key}
          consumers={registry.consumers}
        />
      )}
      <BlastRadius registry={registry} />
      <Actions offers={registry.actions} onAsk={setAsked} />
      <OperationHistory
        operations={operations}
        registryId={registry.registryId}
        registryName={registry.name}
      />
      {portal && (
        <div>
          <ExternalLink href={portal}>{t('head.openInAzure')}</ExternalLink>
        </div>
      )}
      {asked && (
        <ActionDialog
          key={asked}
          action={asked}
          entityRef={entityRef}
          registry={registry}
          fallbackFocus={heading}
          onAccepted={operation => {
            follow(operation);
            reload();
          }}
          onClosed={() => setAsked(undefined)}
        />
      )}
    </SectionFrame>
  );
}

interface Followed {
  id: string;
  first?: Operation;
}

/**
 * The operation to show: the one that runs, whoever started it, and after its end the same one
 * until it is put away.
 */
function useFollowed(running: string | null) {
  const [followed, setFollowed] = useState<Followed | undefined>(
    running ? { id: running } : undefined,
  );
  useEffect(() => {
    if (running) {
      setFollowed(now => (now?.id === running ? now : { id: running }));
    }
  }, [running]);
  return [followed, setFollowed] as const;
}
