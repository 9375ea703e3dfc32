import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  KeyIdentifier,
  type AccessPaths,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { countConsumers } from '../BlastRadius/affected';
import { Code } from '../shared/layout';
import { checkLooks, Status } from '../shared/looks';
import { shortVersion } from '../shared/shortVersion';
import { Ago } from '../shared/Time';
import type { FactsOfRegistry } from './RegistryFacts';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 9.5em), 1fr))',
      border: `1px solid ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
      overflow: 'hidden',
      margin: 0,
    },
    // The lines between the tiles stay right however many are in a row.
    tile: {
      padding: theme.spacing(1.5, 2),
      [theme.breakpoints.down('xs')]: { padding: theme.spacing(1) },
      minWidth: 0,
      boxShadow: `1px 1px 0 0 ${theme.palette.divider}`,
      overflowWrap: 'anywhere',
    },
    name: { color: theme.palette.text.secondary },
    value: {
      margin: 0,
      fontSize: theme.typography.pxToRem(18),
      lineHeight: 1.5,
      fontWeight: 500,
    },
    note: { margin: 0, color: theme.palette.text.secondary },
  }),
  { name: 'AcrCmkAtAGlance' },
);

/** The answers to what is asked most: which version, how it follows, as whom, and who else. */
export function AtAGlance({ registry }: { registry: FactsOfRegistry }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { key, identity, versionMode } = registry;
  const inUse = KeyIdentifier.tryParse(
    registry.encryption.versionedKeyIdentifier,
  )?.version;
  const latest = key?.known ? key.latestVersion : undefined;
  const counts = countConsumers(registry.consumers);
  if (registry.encryption.status === 'disabled') return null;
  return (
    <dl className={classes.root} aria-label={t('glance.title')}>
      <Tile
        name={t('key.inUse')}
        value={inUse ? <Code>{shortVersion(inUse)}</Code> : t('notKnown')}
        note={<Newest version={inUse} newest={latest} />}
      />
      <Tile
        name={t('glance.newVersions')}
        value={versionMode ? t(`glance.mode.${versionMode}`) : t('notKnown')}
        note={
          registry.lastKeyRotation ? (
            <>
              {t('glance.rotated')} <Ago at={registry.lastKeyRotation} />
            </>
          ) : (
            t('glance.neverRotated')
          )
        }
      />
      <Tile
        name={t('glance.reachedAs')}
        value={identity?.name ?? t('notKnown')}
        note={<PathsInShort access={registry.accessPaths} />}
      />
      <Tile
        name={t('glance.usedBy')}
        value={t('consumers.registries', { count: counts.registries })}
        note={[
          t('consumers.entities', { count: counts.entities }),
          t('consumers.owners', { count: counts.owners }),
        ].join(' · ')}
      />
    </dl>
  );
}

function Newest(props: {
  version: string | undefined;
  newest: string | null | undefined;
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { version, newest } = props;
  if (!newest) return <>{t('glance.newestUnknown')}</>;
  return newest === version ? (
    <Status look={checkLooks.pass}>{t('glance.isNewest')}</Status>
  ) : (
    <>{t('glance.newestIs', { version: shortVersion(newest) })}</>
  );
}

function Tile(props: { name: string; value: ReactNode; note: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={classes.tile}>
      <Typography component="dt" variant="caption" className={classes.name}>
        {props.name}
      </Typography>
      <Typography component="dd" className={classes.value}>
        {props.value}
      </Typography>
      <Typography component="dd" variant="body2" className={classes.note}>
        {props.note}
      </Typography>
    </div>
  );
}

function PathsInShort({ access }: { access: AccessPaths }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (!access.known) {
    return <Status look={checkLooks.unknown}>{t('glance.noneKnown')}</Status>;
  }
  return access.paths.length > 0 ? (
    <Status look={checkLooks.pass}>
      {t('glance.paths', { count: access.paths.length })}
    </Status>
  ) : (
    <Status look={checkLooks.fail}>{t('access.none')}</Status>
  );
}
