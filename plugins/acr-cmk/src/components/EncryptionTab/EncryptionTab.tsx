import { stringifyEntityRef } from '@backstage/catalog-model';
import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import {
  assertNever,
  REGISTRY_ID_ANNOTATION,
  registriesNamedBy,
  type EntityRegistries,
} from 'backstage-plugin-acr-cmk-common';
import {
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type ReactNode,
} from 'react';
import { tokensOf, useChanges } from '../../hooks/useChanges';
import { CHANGES_PAUSE_MS, useEncryption } from '../../hooks/useEncryption';
import { useOperations } from '../../hooks/useOperations';
import { readRefusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';
import { RegistrySection } from '../RegistrySection';
import { RefreshContext } from '../RegistrySection/RefreshButton';
import { UnreadableSection } from '../RegistrySection/UnreadableSection';
import { severityStyles } from '../shared/statusStyles';
import { Denied } from '../shared/Denied';
import { LoadFailure } from '../shared/LoadFailure';
import { Note } from '../shared/Note';
import { RegistryList } from './RegistryList';
import { RequestBanners } from './RequestBanners';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import type { ListedRegistry } from './listedRegistry';

// Few entities are in a campaign.
const CampaignBanners = lazyOrNotice(() =>
  import('../Campaigns/CampaignBanners').then(m => m.CampaignBanners),
);

const useStyles = makeStyles(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(3), minWidth: 0 },
  }),
  { name: 'AcrCmkEncryptionTab' },
);

/** The encryption of every registry that the entity names. */
export function EncryptionTab() {
  const { entity } = useEntity();
  return registriesNamedBy(entity.metadata.annotations).length > 0 ? (
    <RegistriesOf entityRef={stringifyEntityRef(entity)} />
  ) : (
    <NotAnnotated />
  );
}

function NotAnnotated() {
  return <MissingAnnotationEmptyState annotation={REGISTRY_ID_ANNOTATION} />;
}

function RegistriesOf({ entityRef }: { entityRef: string }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { encryption, refresh, reload } = useEncryption(entityRef);

  switch (encryption.status) {
    case 'loading':
      return <Progress aria-label={t('tab.loading')} />;
    case 'denied':
      return <Denied {...encryption} />;
    case 'failed':
      return (
        <LoadFailure onRetry={encryption.retry}>
          {t('tab.failed', {
            message: readRefusal(encryption.error).message,
          })}
        </LoadFailure>
      );
    case 'ready':
      return (
        <div className={classes.root}>
          {encryption.refreshError && (
            <Note statusStyle={severityStyles.warning} role="status">
              {t('tab.refreshFailed', {
                message: readRefusal(encryption.refreshError).message,
              })}
            </Note>
          )}
          <Refreshing refreshing={encryption.refreshing} refresh={refresh}>
            <Registries of={encryption.data} reload={reload} />
          </Refreshing>
        </div>
      );
    default:
      return assertNever(encryption);
  }
}

function Refreshing(props: {
  refreshing: boolean;
  refresh(): void;
  children: ReactNode;
}) {
  const { refreshing, refresh, children } = props;
  const value = useMemo(() => ({ refreshing, refresh }), [refreshing, refresh]);
  return (
    <RefreshContext.Provider value={value}>{children}</RefreshContext.Provider>
  );
}

function Registries(props: { of: EntityRegistries; reload(): void }) {
  const { of, reload } = props;
  const { operations, reload: reloadOperations } = useOperations(of.entityRef);
  const reloadAll = useCallback(() => {
    reload();
    reloadOperations();
  }, [reload, reloadOperations]);

  useChanges(tokensOf(of), {
    reload: reloadOperations,
    pauseMs: CHANGES_PAUSE_MS,
  });

  // An operation has started or ended, so the history has changed.
  const running = of.registries
    .map(
      registry => registry.kind === 'registry' && registry.runningOperationId,
    )
    .join();
  const firstRunning = useRef(running);
  useEffect(() => {
    if (firstRunning.current !== running) reloadOperations();
    firstRunning.current = running;
  }, [running, reloadOperations]);

  const section = (
    registry: ListedRegistry,
    collapsible: { open?: boolean; onToggle?(name: string): void } = {},
  ) =>
    registry.kind === 'registry' ? (
      <RegistrySection
        entityRef={of.entityRef}
        registry={registry}
        operations={operations}
        reload={reloadAll}
        {...collapsible}
      />
    ) : (
      <UnreadableSection registry={registry} {...collapsible} />
    );

  if (of.registries.length === 0) return <NotAnnotated />;
  const { campaigns } = of;
  return (
    <>
      {campaigns && (
        <Suspense fallback={null}>
          <CampaignBanners campaigns={campaigns} />
        </Suspense>
      )}
      <RequestBanners
        operations={operations}
        registryIds={of.registries.flatMap(registry =>
          registry.kind === 'registry' ? [registry.registryId] : [],
        )}
        onDecided={reloadAll}
      />
      {of.registries.length === 1 ? (
        section(of.registries[0])
      ) : (
        <RegistryList registries={of.registries}>{section}</RegistryList>
      )}
    </>
  );
}
