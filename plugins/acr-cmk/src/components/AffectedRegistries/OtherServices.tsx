import Typography from '@material-ui/core/Typography';
import type {
  KeyService,
  ServiceResource,
  ServicesLookedAt,
} from 'backstage-plugin-acr-cmk-common';
import { type Texts, useTexts } from '../../translations/ref';
import { DataTable } from '../shared/DataTable';
import { DocumentationLink } from '../shared/DocumentationLink';
import { OwnedEntity } from '../shared/EntityName';
import { joined } from '../shared/joined';
import { ExternalLink } from '../shared/layout';
import { shortVersion } from '../shared/shortVersion';
import { Stack } from '../shared/Stack';
import { checkStyles, Status } from '../shared/statusStyles';
import { namedStyles } from '../shared/styles';
import { Ago } from '../shared/Time';
import { useFirst } from '../shared/useFirst';

/** Number of resources shown before **More**. */
const FIRST_SHOWN = 8;

const useStyles = namedStyles('OtherServices', theme => ({
  root: { marginTop: theme.spacing(2) },
}));

/** Resources of other Azure services that use a key, by service, and how far these were looked at. */
export function OtherServices(props: {
  services: readonly KeyService[];
  /** Absent in a plan, whose checks tell it. */
  lookedAt?: ServicesLookedAt;
}) {
  const { services, lookedAt } = props;
  const classes = useStyles();
  const t = useTexts();
  return (
    <Stack
      gap={2}
      role="group"
      aria-label={t('services.title')}
      className={classes.root}
    >
      <Typography variant="subtitle2" component="h4">
        <strong>{t('services.title')}</strong>
      </Typography>
      {services.map(service => (
        <OneService key={service.type} of={service} />
      ))}
      {lookedAt && <LookedAt of={lookedAt} found={services.length > 0} />}
    </Stack>
  );
}

function OneService({ of: service }: { of: KeyService }) {
  const t = useTexts();
  const { resources, hiddenResources, onLoss, keepsEarlier } = service;
  const { shown, more } = useFirst(resources, FIRST_SHOWN);
  const name = service.service[0].toUpperCase() + service.service.slice(1);
  return (
    <Stack gap={0.5}>
      <Typography variant="body2">
        <strong>
          {name} ({resources.length + hiddenResources})
        </strong>
      </Typography>
      {onLoss && (
        <Typography variant="body2" color="textSecondary">
          {t('services.onLoss', { text: onLoss.text })}{' '}
          <ExternalLink href={onLoss.docs}>{t('services.docs')}</ExternalLink>
        </Typography>
      )}
      {keepsEarlier && (
        <Typography variant="body2" color="textSecondary">
          {keepsEarlier}
        </Typography>
      )}
      {shown.length > 0 && (
        <DataTable
          wraps
          label={name}
          items={shown}
          keyOf={({ id }) => id}
          columns={[
            {
              title: t('services.resource'),
              width: 10,
              cell: resource => <Resource of={resource} />,
            },
            {
              title: t('services.version'),
              width: 10,
              cell: resource => <Versions of={resource} />,
            },
            {
              title: t('services.identity'),
              width: 7,
              cell: ({ identities }) => identities.join(', '),
            },
            {
              title: t('services.owner'),
              width: 10,
              cell: resource => <Owner of={resource} />,
            },
          ]}
        />
      )}
      {more}
      {hiddenResources > 0 && (
        <Typography variant="body2">
          {t('services.hidden', { count: hiddenResources })}
        </Typography>
      )}
    </Stack>
  );
}

function Resource({ of }: { of: ServiceResource }) {
  return (
    <>
      {of.name}
      <Typography variant="body2" color="textSecondary">
        {joined([of.resourceGroup, of.behind])}
      </Typography>
    </>
  );
}

function Versions({ of: { uses } }: { of: ServiceResource }) {
  const t = useTexts();
  const lines = [...new Set(uses.map(use => versionInWords(t, use)))];
  return (
    <Stack component="ul" gap={0}>
      {lines.map(line => (
        <li key={line}>{line}</li>
      ))}
    </Stack>
  );
}

/** Version of one use, and whether it takes new versions. */
function versionInWords(
  t: Texts,
  use: ServiceResource['uses'][number],
): string {
  const { version, isInUse, follows, followsWithin } = use;
  const short = version && shortVersion(version);
  const known =
    short && (isInUse ? short : t('services.set', { version: short }));
  return joined([
    use.use !== 'current' && t(`services.use.${use.use}`),
    known ?? (!follows && t('services.notReadable')),
    follows &&
      (followsWithin
        ? t('services.followsWithin', { time: followsWithin })
        : t('services.follows')),
    follows === false && use.use === 'current' && t('services.stays'),
  ]);
}

function Owner({ of }: { of: ServiceResource }) {
  const t = useTexts();
  const { entities, hiddenEntities } = of;
  if (entities.length + hiddenEntities === 0)
    return <>{t('services.noOwner')}</>;
  return (
    <Stack component="ul" gap={0}>
      {entities.map(entity => (
        <li key={entity.entityRef}>
          <OwnedEntity {...entity} />
        </li>
      ))}
      {hiddenEntities > 0 && (
        <li>{t('affected.hidden', { count: hiddenEntities })}</li>
      )}
    </Stack>
  );
}

/** Extent and time of what was looked at, and what no query shows. Nothing found is not nothing there. */
function LookedAt(props: { of: ServicesLookedAt; found: boolean }) {
  const { state, at, types, notReadable, notShown } = props.of;
  const t = useTexts();
  if (state === 'no') {
    return (
      <div>
        <Status statusStyle={checkStyles.unknown}>
          {t('services.notLookedAt')}
        </Status>{' '}
        <RoleLink />
      </div>
    );
  }
  return (
    <div>
      {state === 'partly' && (
        <Typography variant="body2" component="div">
          <Status statusStyle={checkStyles.unknown}>
            {t('services.partly', { count: notReadable })}
          </Status>{' '}
          <RoleLink />
        </Typography>
      )}
      {state === 'all' && (
        <Typography variant="body2">
          {t(props.found ? 'services.noOther' : 'services.none', {
            count: types.length,
          })}
        </Typography>
      )}
      <Typography variant="body2" color="textSecondary">
        {at && (
          <>
            {t('services.at')} <Ago at={at} />.{' '}
          </>
        )}
        {t('services.notShown', { uses: notShown.join(', ') })}
      </Typography>
    </div>
  );
}

function RoleLink() {
  const t = useTexts();
  return (
    <DocumentationLink page="permissions" section="other-azure-services">
      {t('services.role')}
    </DocumentationLink>
  );
}

/** Extent of what was looked at, where it leaves a doubt. */
export const servicesDoubt = (
  t: Texts,
  lookedAt: ServicesLookedAt | undefined,
): string | undefined =>
  lookedAt && lookedAt.state !== 'all'
    ? t(`services.short.${lookedAt.state}`)
    : undefined;

/** Number of resources of other services, or that nothing is known of them. Nothing without a key. */
export function servicesInShort(
  t: Texts,
  of: { services?: readonly KeyService[]; servicesLookedAt?: ServicesLookedAt },
): string | undefined {
  const { services = [], servicesLookedAt: lookedAt } = of;
  const count = services.reduce(
    (sum, { resources, hiddenResources }) =>
      sum + resources.length + hiddenResources,
    0,
  );
  if (!lookedAt) return undefined;
  if (count === 0) return t(`services.short.${lookedAt.state}`);
  return joined([t('services.count', { count }), servicesDoubt(t, lookedAt)]);
}
