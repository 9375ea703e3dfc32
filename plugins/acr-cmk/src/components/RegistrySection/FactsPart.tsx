import { KeyIdentifier, type Operation } from 'backstage-plugin-acr-cmk-common';
import { memo } from 'react';
import { KeyUsage } from '../AffectedRegistries';
import { namedStyles, stack } from '../shared/styles';
import { VersionTimeline } from '../VersionTimeline';
import type { OnAction } from './Actions';
import {
  AccessFacts,
  KeyFacts,
  VaultFacts,
  type FactsOfRegistry,
} from './RegistryFacts';

const useStyles = namedStyles('FactsPart', theme => ({
  columns: {
    display: 'grid',
    gap: theme.spacing(3),
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 24em), 1fr))',
    [theme.breakpoints.down('xs')]: { gap: theme.spacing(1.5) },
  },
  column: {
    ...stack(theme, 3),
    alignContent: 'start',
    [theme.breakpoints.down('xs')]: { gap: theme.spacing(1.5) },
  },
}));

/** Facts about the registry's key, its vault and the registries that use the key. */
export const FactsPart = memo(
  (props: {
    registry: FactsOfRegistry;
    asked: Operation[];
    ofEntity: boolean;
    onAction: OnAction;
  }) => {
    const { registry, asked, ofEntity, onAction } = props;
    const classes = useStyles();
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
        {registry.key?.known && (
          <VersionTimeline
            registryName={registry.name}
            registryKey={registry.key}
            consumers={registry.consumers}
            onUseVersion={mayRotate && key ? onUseVersion : undefined}
          />
        )}
        <div className={classes.columns}>
          <div className={classes.column}>
            <KeyFacts registry={registry} />
            <VaultFacts registry={registry} />
          </div>
          <AccessFacts registry={registry} ofEntity={ofEntity} />
        </div>
        <KeyUsage registry={registry} asked={asked} />
      </>
    );
  },
);
