import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  MissingAnnotationEmptyState,
  useEntity,
} from '@backstage/plugin-catalog-react';
import {
  REGISTRY_ID_ANNOTATION,
  registriesNamedBy,
  type EntityRegistries,
} from 'backstage-plugin-acr-cmk-common';
import { useCallback } from 'react';
import useUpdateEffect from 'react-use/esm/useUpdateEffect';
import { isRefreshing } from '../../hooks/loaded';
import { tokensOf, useChanges } from '../../hooks/useChanges';
import { CHANGES_PAUSE_MS, useEncryption } from '../../hooks/useEncryption';
import { useOperations } from '../../hooks/useOperations';
import { useTexts } from '../../translations/ref';
import { Stack } from '../shared/Stack';
import { RegistrySection } from '../RegistrySection';
import { RefreshProvider } from '../RegistrySection/RefreshButton';
import { UnreadableSection } from '../RegistrySection/UnreadableSection';
import { LoadedView } from '../shared/LoadedView';
import { RegistryList } from './RegistryList';
import { RequestBanners } from './RequestBanners';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import type { ListedRegistry } from './listedRegistry';

// Few entities are in a campaign.
const CampaignBanners = lazyOrNotice(() =>
  import('../Campaigns/CampaignBanners').then(m => m.CampaignBanners),
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
  const t = useTexts();
  const { encryption, refresh, reload } = useEncryption(entityRef);

  const refreshing = isRefreshing(encryption);
  return (
    <RefreshProvider refreshing={refreshing} refresh={refresh}>
      <Stack gap={3}>
        <LoadedView
          of={encryption}
          loading={t('tab.loading')}
          failed={message => t('tab.failed', { message })}
          refreshFailed={message => t('tab.refreshFailed', { message })}
        >
          {registries => <Registries of={registries} reload={reload} />}
        </LoadedView>
      </Stack>
    </RefreshProvider>
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
  useUpdateEffect(reloadOperations, [running]);

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
      {campaigns && <CampaignBanners campaigns={campaigns} />}
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
