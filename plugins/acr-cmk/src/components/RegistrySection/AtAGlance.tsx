import Typography from '@material-ui/core/Typography';
import {
  KeyIdentifier,
  type KeyVersion,
  type KeyView,
} from 'backstage-plugin-acr-cmk-common';
import { memo, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { Copyable } from '../shared/layout';
import {
  checkStyles,
  severityStyles,
  Status,
  type StatusStyle,
} from '../shared/statusStyles';
import { shortVersion } from '../shared/shortVersion';
import { namedStyles } from '../shared/styles';
import { Ago, Day, Until } from '../shared/Time';
import { statusOf } from '../VersionTimeline/timeline';
import type { OnAction } from './Actions';
import { NoAccessPath } from './NoAccessPath';
import { ChangeRotation, RotationInShort } from './RotationInShort';
import type { FactsOfRegistry } from './RegistryFacts';

const useStyles = namedStyles('AtAGlance', theme => ({
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
    [theme.breakpoints.down('xs')]: {
      fontSize: theme.typography.body1.fontSize,
    },
  },
  note: {
    margin: 0,
    color: theme.palette.text.secondary,
    '& button': { textAlign: 'left' },
  },
}));

/** Summary: version, its expiry, rotation and identity. */
export const AtAGlance = memo(
  (props: { registry: FactsOfRegistry; onAction: OnAction }) => {
    const { registry, onAction } = props;
    const classes = useStyles();
    const t = useTexts();
    const { key, identity } = registry;
    const inUse = KeyIdentifier.tryParse(
      registry.encryption.versionedKeyIdentifier,
    )?.version;
    const known = key?.known ? key : undefined;
    const version = known?.versions.find(each => each.version === inUse);
    if (registry.encryption.status === 'disabled') return null;
    return (
      <dl className={classes.root} aria-label={t('glance.title')}>
        <Tile
          name={t('key.inUse')}
          value={
            inUse ? (
              <Copyable
                text={inUse}
                short={shortVersion(inUse)}
                name={t('key.inUse')}
              />
            ) : (
              t('unknown')
            )
          }
          note={
            <VersionInShort
              version={inUse}
              of={known}
              praise={praiseOf(registry)}
            />
          }
        />
        <Tile
          name={t('glance.expiry')}
          value={<ExpiryInShort of={version} />}
          note={version?.expires && <Day at={version.expires} inUtc />}
        />
        <Tile
          name={t('glance.rotation')}
          value={<RotationInShort registry={registry} />}
          note={
            <>
              {registry.lastKeyRotation ? (
                <>
                  {t('glance.rotated')} <Ago at={registry.lastKeyRotation} />
                </>
              ) : (
                t('glance.neverRotated')
              )}
              <ChangeRotation registry={registry} onAction={onAction} />
            </>
          }
        />
        <Tile
          name={t('identity.name')}
          value={identity?.name ?? t('unknown')}
          note={<PathsInShort registry={registry} />}
        />
      </dl>
    );
  },
);

/** Time until a version expires, or since. */
function ExpiryInShort({ of: version }: { of: KeyVersion | undefined }) {
  const t = useTexts();
  if (!version) return <>{t('unknown')}</>;
  const { expires } = version;
  if (!expires) return <>{t('glance.never')}</>;
  return Date.parse(expires) <= Date.now() ? (
    <Ago at={expires} />
  ) : (
    <Until at={expires} />
  );
}

/** Style of what is in order, which is nothing to praise while the key cannot be used. */
function praiseOf({ state }: FactsOfRegistry): StatusStyle {
  return state.id === 'revoked' ? severityStyles.info : checkStyles.pass;
}

/** Whether the version in use can be used, or else the latest. */
function VersionInShort(props: {
  version: string | undefined;
  of: KeyView | undefined;
  praise: StatusStyle;
}) {
  const { version, of, praise } = props;
  const t = useTexts();
  const inUse = of?.versions.find(each => each.version === version);
  const status = inUse && statusOf(inUse, Date.now());
  // It is not praised for being the latest.
  if (status === 'expired' || status === 'disabled') {
    return <Status statusStyle={checkStyles.fail}>{t(`key.${status}`)}</Status>;
  }
  const latest = of?.latestVersion;
  if (latest === null) return <>{t('glance.noneEnabled')}</>;
  if (!latest) return <>{t('glance.latestUnknown')}</>;
  return latest === version ? (
    <Status statusStyle={praise}>{t('glance.isLatest')}</Status>
  ) : (
    <>{t('glance.latestIs', { version: shortVersion(latest) })}</>
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

function PathsInShort({ registry }: { registry: FactsOfRegistry }) {
  const t = useTexts();
  const access = registry.accessPaths;
  // A path of an identity that the registry has not is none.
  if (registry.identity && !registry.identity.attached) {
    return (
      <Status statusStyle={checkStyles.fail}>{t('identity.detached')}</Status>
    );
  }
  if (!access.known) {
    return (
      <Status statusStyle={checkStyles.unknown}>
        {t('glance.accessUnknown')}
      </Status>
    );
  }
  const isBlocked =
    registry.vault?.known && registry.vault.firewall === 'closed';
  return access.paths.length > 0 ? (
    <Status statusStyle={isBlocked ? checkStyles.fail : praiseOf(registry)}>
      {t(isBlocked ? 'glance.pathsBlocked' : 'glance.paths', {
        count: access.paths.length,
      })}
    </Status>
  ) : (
    <NoAccessPath encryption={registry.encryption} />
  );
}
