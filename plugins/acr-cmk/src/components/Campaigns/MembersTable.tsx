import { parseEntityRef } from '@backstage/catalog-model';
import Button from '@material-ui/core/Button';
import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import type { CampaignMember, Need } from 'backstage-plugin-acr-cmk-common';
import { useRegistryPath } from '../../hooks/useRegistryPath';
import { useCampaignTexts } from '../../translations/campaign';
import { DataTable } from '../shared/DataTable';
import { EntityName } from '../shared/EntityName';
import { joined } from '../shared/joined';
import { Fact, Facts } from '../shared/layout';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { NamesInText } from '../shared/NamesInText';
import { NeedInWords } from '../shared/NeedInWords';
import { useExplainPermissions } from '../shared/permissions';
import { RouteLink } from '../shared/RouteLink';
import { Stack } from '../shared/Stack';
import { Status } from '../shared/statusStyles';
import { Ago } from '../shared/Time';
import { memberStyles, outcomeStyles } from './campaignStyles';

const LiveOperation = lazyOrNotice(() =>
  import('../OperationView').then(m => m.LiveOperation),
);

/** "Manual, version 3f2a91c1 → Automatic". */
export function changeOf({ before, after }: CampaignMember): string {
  return joined([before, after], ' → ');
}

const isOpen = ({ by }: Need) => by === undefined;

/** Names of the groups and people who have to agree; of a permission, where nobody is named. */
function useNeeds(): (member: CampaignMember) => string {
  const t = useCampaignTexts();
  const explain = useExplainPermissions();
  return ({ needs = [] }) => {
    const open = needs.filter(isOpen);
    const named = [...new Set(open.flatMap(({ askedOf = [] }) => askedOf))];
    const unnamed = new Set(
      open
        .filter(({ askedOf = [] }) => askedOf.length === 0)
        .map(({ permission }) => explain(permission)),
    );
    return [
      ...(named.length > 0
        ? [t('members.needs', { who: named.map(nameOf).join(', ') })]
        : []),
      ...[...unnamed].map(permission =>
        t('members.needsPermission', { permission }),
      ),
    ].join('; ');
  };
}

/** "team-shop" of "group:default/team-shop". */
function nameOf(entityRef: string): string {
  try {
    return humanizeEntityRef(parseEntityRef(entityRef), {
      defaultKind: 'group',
    });
  } catch {
    return entityRef;
  }
}

/** Members that have not begun, and may be skipped. */
const UNBEGUN: readonly CampaignMember['state'][] = [
  'waiting',
  'approval',
  'ready',
  'changed',
];

/** One page of members: what is planned for each, or how it stands. */
export function MembersTable(props: {
  label: string;
  members: readonly CampaignMember[];
  /** Shows how each stands; else what is planned. */
  started: boolean;
  /** Absent where the viewer may skip none. */
  onSkip?(member: CampaignMember): void;
}) {
  const { started } = props;
  const t = useCampaignTexts();
  const needsOf = useNeeds();
  const noteOf = (member: CampaignMember) => {
    // Nobody is asked about a member that has begun or ended.
    const mayNeed = !started || UNBEGUN.includes(member.state);
    return joined([member.message, mayNeed && needsOf(member)]);
  };
  return (
    <DataTable
      label={props.label}
      items={props.members}
      keyOf={({ position }) => String(position)}
      columns={[
        {
          title: t('members.name'),
          width: 15,
          titleOf: ({ name, registries }) => [name, ...registries].join('\n'),
          cell: ({ name }) => name,
        },
        {
          title: t('members.stage'),
          width: 6,
          hidden: !started,
          cell: ({ stage }) => stage,
        },
        {
          title: t('members.state'),
          width: 17,
          hidden: !started,
          cell: ({ state }) => (
            <Status statusStyle={memberStyles[state]}>
              {t(`member.${state}`)}
            </Status>
          ),
        },
        {
          title: t('members.outcome'),
          width: 16,
          hidden: started,
          cell: ({ outcome }) => (
            <Status statusStyle={outcomeStyles[outcome]}>
              {t(`outcome.${outcome}`)}
            </Status>
          ),
        },
        { title: t('members.change'), width: 31, cell: changeOf },
        {
          title: t('members.note'),
          width: 23,
          cell: member => <NamesInText>{noteOf(member)}</NamesInText>,
        },
        {
          title: t('members.operation'),
          width: 10,
          hidden: !started,
          cell: member => <OperationLink member={member} />,
        },
      ]}
      detail={{
        label: ({ name }) => t('members.details', { name }),
        render: member => <Details member={member} onSkip={props.onSkip} />,
      }}
    />
  );
}

/** Opens the registry on the tab of its entity, where the operation is. */
function OperationLink({ member }: { member: CampaignMember }) {
  const t = useCampaignTexts();
  const pathOf = useRegistryPath();
  const { operationId, entityRef, registryId, name } = member;
  if (!operationId || !entityRef) return null;
  const registry = registryId.slice(registryId.lastIndexOf('/') + 1);
  return (
    <RouteLink
      to={pathOf(entityRef, registry)}
      aria-label={`${t('members.open')}: ${name}`}
    >
      {t('members.open')}
    </RouteLink>
  );
}

/** Everything that is known of a member, for whom its line cuts it. */
function Details(props: {
  member: CampaignMember;
  onSkip?(member: CampaignMember): void;
}) {
  const { member, onSkip } = props;
  const t = useCampaignTexts();
  const { entityRef, owner, registries, needs = [] } = member;
  return (
    <Stack justifyItems="start">
      <Facts>
        <Fact name={t('members.entity')}>
          {entityRef && <EntityName entityRef={entityRef} />}
        </Fact>
        <Fact name={t('members.owner')}>
          {owner && <EntityName entityRef={owner} />}
        </Fact>
        <Fact name={t('members.registries')}>{registries.join(', ')}</Fact>
        <Fact name={t('members.before')}>{member.before}</Fact>
        <Fact name={t('members.planned')}>{member.after}</Fact>
        <Fact name={t('members.observed')}>{member.observed}</Fact>
        <Fact name={t('members.message')}>
          {member.message && <NamesInText>{member.message}</NamesInText>}
        </Fact>
        {needs.map(need => (
          <Fact
            key={`${need.permission} ${need.entityRef ?? need.because}`}
            name={t('members.approval')}
          >
            <NeedInWords need={need} approvedBy={t('members.approved')} />
          </Fact>
        ))}
        <Fact name={t('members.started')}>
          {member.startedAt && <Ago at={member.startedAt} />}
        </Fact>
        <Fact name={t('members.ended')}>
          {member.endedAt && <Ago at={member.endedAt} />}
        </Fact>
      </Facts>
      {member.operationId && (
        <LiveOperation id={member.operationId} loading={t('loading')} />
      )}
      {onSkip && UNBEGUN.includes(member.state) && (
        <Button
          size="small"
          variant="outlined"
          onClick={() => onSkip(member)}
          aria-label={`${t('members.skip')} ${member.name}`}
        >
          {t('members.skip')}
        </Button>
      )}
    </Stack>
  );
}
