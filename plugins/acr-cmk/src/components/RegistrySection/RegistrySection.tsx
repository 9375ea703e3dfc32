import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type {
  ActionId,
  Intent,
  Operation,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import {
  lazy,
  memo,
  Suspense,
  useCallback,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Known } from '../../hooks/loaded';
import { useUnchanged } from '../../hooks/useUnchanged';
import { acrCmkTranslationRef } from '../../translations/ref';
import { BlastRadius } from '../BlastRadius';
import { OperationHistory } from '../OperationHistory';
import { LiveOperation } from '../OperationView';
import { ExternalLink } from '../shared/layout';
import { severityLooks, stateLooks } from '../shared/looks';
import { Note } from '../shared/Note';
import { registryInPortal } from '../shared/portalLinks';
import { Ago } from '../shared/Time';
import { VersionTimeline } from '../VersionTimeline';
import { DangerZone, MainAction, MainActionReason } from './Actions';
import { AtAGlance } from './AtAGlance';
import { Findings } from './Findings';
import {
  AccessFacts,
  KeyFacts,
  VaultFacts,
  type FactsOfRegistry,
} from './RegistryFacts';
import { SectionFrame } from './SectionFrame';
import { StateMessage } from './StateMessage';
import { useShownOperations } from './useShownOperations';

const ActionDialog = lazy(() =>
  import('../ActionDialog').then(m => ({ default: m.ActionDialog })),
);

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
      alignContent: 'start',
    },
  }),
  { name: 'AcrCmkRegistrySection' },
);

/** What somebody wants to do, with what the form opens with. */
interface Asked {
  action: ActionId;
  intent?: Intent;
}

/** All that is known of the registry's key, of the vault and of who uses it. */
const RegistryFacts = memo(({ registry }: { registry: FactsOfRegistry }) => {
  const classes = useStyles();
  return (
    <>
      <AtAGlance registry={registry} />
      {registry.key?.known && (
        <VersionTimeline
          registryName={registry.name}
          registryKey={registry.key}
          consumers={registry.consumers}
        />
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          <KeyFacts registry={registry} />
          <VaultFacts registry={registry} />
        </div>
        <AccessFacts registry={registry} />
      </div>
      <BlastRadius registry={registry} />
    </>
  );
});

/** Everything about one registry's key in one glance, and what can be done about it. */
export const RegistrySection = memo(
  (props: {
    entityRef: string;
    registry: RegistryEncryption;
    operations: Known<Operation[]>;
    reload(): void;
  }) => {
    const { entityRef, registry, operations, reload } = props;
    const { t } = useTranslationRef(acrCmkTranslationRef);
    const heading = useRef<HTMLHeadingElement>(null);
    const reasonId = useId();
    const [asked, setAsked] = useState<Asked>();
    const ask = useCallback(
      (action: ActionId, intent?: Intent) => setAsked({ action, intent }),
      [],
    );
    const { shown, show, hide } = useShownOperations({
      registryId: registry.registryId,
      runningOperationId: registry.runningOperationId,
      operations,
    });
    const shownAbove = useMemo(
      () => new Set(shown.map(({ id }) => id)),
      [shown],
    );

    // How old the facts are changes with every reading, the facts themselves seldom.
    const { freshness, ...rest } = registry;
    const facts = useUnchanged(rest);

    const portal = registryInPortal(registry.registryId);
    return (
      <SectionFrame
        ref={heading}
        name={registry.name}
        about={
          <>
            {registry.loginServer} · {registry.location}
            {portal && (
              <>
                {' · '}
                <ExternalLink href={portal}>
                  {t('head.openInAzure')}
                </ExternalLink>
              </>
            )}
          </>
        }
        look={stateLooks[registry.state.id]}
        word={t(`state.${registry.state.id}`)}
        message={
          <StateMessage
            state={registry.state}
            onShowOperation={id => show({ id })}
          />
        }
        age={
          <>
            {t('head.checked')} <Ago at={freshness.observedAt} />
          </>
        }
        mainAction={
          <MainAction
            offers={registry.actions}
            reasonId={reasonId}
            onAsk={ask}
          />
        }
        mainActionNote={
          <MainActionReason offers={registry.actions} reasonId={reasonId} />
        }
      >
        {freshness.stale && (
          <Note look={severityLooks.warning} role="status">
            {t('head.stale')} {freshness.problem}
          </Note>
        )}
        {shown.map(({ id, first }) => (
          <LiveOperation
            key={id}
            id={id}
            first={first}
            onDecided={reload}
            onEnd={reload}
            onHide={() => hide(id)}
          />
        ))}
        <Findings
          findings={registry.findings}
          offers={registry.actions}
          onAsk={ask}
        />
        <RegistryFacts registry={facts} />
        <OperationHistory
          operations={operations}
          registryId={registry.registryId}
          shownAbove={shownAbove}
        />
        <DangerZone offers={registry.actions} onAsk={ask} />
        {asked && (
          <Suspense fallback={null}>
            <ActionDialog
              key={asked.action}
              action={asked.action}
              intent={asked.intent}
              entityRef={entityRef}
              registry={registry}
              fallbackFocus={heading}
              onAccepted={operation => {
                show(operation);
                reload();
              }}
              onClosed={() => setAsked(undefined)}
            />
          </Suspense>
        )}
      </SectionFrame>
    );
  },
);
