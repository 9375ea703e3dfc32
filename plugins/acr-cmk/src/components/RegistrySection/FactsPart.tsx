import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { memo } from 'react';
import { VersionTimeline } from '../VersionTimeline';
import type { OnAction } from './Actions';
import { KeyUsage } from './KeyUsage';
import type { FactsOfRegistry } from './RegistryFacts';

/** Uses of the registry's key, and its versions over time. */
export const FactsPart = memo(
  (props: { registry: FactsOfRegistry; onAction: OnAction }) => {
    const { registry, onAction } = props;
    const mayRotate = registry.actions.some(
      ({ action, allowed }) => action === 'rotate' && allowed,
    );
    const key = KeyIdentifier.tryParse(registry.encryption.keyIdentifier);
    const onUseVersion = (version: string) =>
      onAction('rotate', {
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier: `${key?.versionless}/${version}`,
        },
      });
    return (
      <>
        <KeyUsage registry={registry} />
        {registry.key?.known && (
          <VersionTimeline
            registryName={registry.name}
            registryKey={registry.key}
            consumers={registry.consumers}
            onUseVersion={mayRotate && key ? onUseVersion : undefined}
          />
        )}
      </>
    );
  },
);
