import Typography from '@material-ui/core/Typography';
import {
  KeyIdentifier,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useMemo } from 'react';
import { useTexts } from '../../translations/ref';
import { KeyGraph } from '../shared/KeyGraph';
import { keyGraphOf } from '../shared/keyGraphOf';
import { Block } from '../shared/layout';

/** The registries and other Azure services that use the key, with their entities and owners. */
export function KeyUsage({
  registry,
}: {
  registry: Pick<
    RegistryEncryption,
    | 'encryption'
    | 'consumers'
    | 'consumersComplete'
    | 'services'
    | 'servicesLookedAt'
  >;
}) {
  const t = useTexts();
  const graph = useMemo(() => {
    const key = KeyIdentifier.tryParse(registry.encryption.keyIdentifier);
    return key && keyGraphOf(t, { ...registry, key });
  }, [t, registry]);
  if (!graph) return null;
  const { services = [], servicesLookedAt } = registry;
  return (
    <Block title={t('affected.title')}>
      <KeyGraph label={t('affected.graph')} {...graph} />
      {servicesLookedAt?.state === 'all' && services.length === 0 && (
        <Typography variant="body2" color="textSecondary">
          {t('services.none', { count: servicesLookedAt.types.length })}
        </Typography>
      )}
    </Block>
  );
}
