import Typography from '@material-ui/core/Typography';
import CloudIcon from '@material-ui/icons/CloudQueue';
import {
  type Consumer,
  operationKindOf,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { useTexts } from '../../translations/ref';
import { isSame } from '../shared/isSame';
import { joined } from '../shared/joined';
import { Stack } from '../shared/Stack';
import { mayApprove } from '../OperationView/mayApprove';
import { DataTable } from '../shared/DataTable';
import { OwnedEntity } from '../shared/EntityName';
import { checkStyles, operationStyles, Status } from '../shared/statusStyles';
import { shortVersion } from '../shared/shortVersion';
import { namedStyles } from '../shared/styles';
import { TextInput } from '../shared/TextInput';
import { useFirst } from '../shared/useFirst';
import { countAffected, entitiesInWords, matching } from './affected';

/** Number of items shown before **More**. */
const FIRST_SHOWN = 8;

const useStyles = namedStyles('AffectedRegistries', theme => ({
  filter: { marginBottom: theme.spacing(1) },
}));

/** Registries that use a key, with their entities and owners. */
export function AffectedRegistriesTable({
  consumers,
  asked = [],
}: {
  consumers: Consumer[];
  /** Operations that wait for approval. */
  asked?: Operation[];
}) {
  const classes = useStyles();
  const t = useTexts();
  const [filter, setFilter] = useState('');
  const counts = countAffected(consumers);
  const found = matching(consumers, filter);
  const { shown, more } = useFirst(found, FIRST_SHOWN);
  if (consumers.length === 0) {
    return <Typography variant="body2">{t('affected.none')}</Typography>;
  }
  return (
    <>
      {consumers.length > FIRST_SHOWN && (
        <TextInput
          label={t('affected.filter')}
          value={filter}
          onChange={setFilter}
          fullWidth={false}
          className={classes.filter}
        />
      )}
      <DataTable
        wraps
        alwaysTable
        label={t('affected.table')}
        items={shown}
        keyOf={({ registryId }) => registryId}
        columns={[
          {
            title: t('affected.registries', { count: counts.registries }),
            width: 10,
            cell: consumer => <AffectedRegistry of={consumer} asked={asked} />,
          },
          {
            title: entitiesInWords(t, counts),
            width: 10,
            cell: consumer => <AffectedEntities of={consumer} />,
          },
        ]}
      />
      {found.length === 0 && (
        <Typography variant="body2">{t('affected.noMatch')}</Typography>
      )}
      {more}
    </>
  );
}

function AffectedRegistry(props: { of: Consumer; asked: Operation[] }) {
  const { of: consumer, asked } = props;
  const t = useTexts();
  return (
    <>
      {consumer.registryName}
      {consumer.self && <> ({t('affected.self')})</>}
      {asked
        .filter(({ registryId }) => isSame(registryId, consumer.registryId))
        .map(operation => (
          <div key={operation.id}>
            <Status statusStyle={operationStyles['awaiting-approval']}>
              {t(
                mayApprove(operation) ? 'affected.askedYou' : 'affected.asked',
                { kind: t(`operation.kind.${operationKindOf(operation)}`) },
              )}
            </Status>
          </div>
        ))}
      <Typography variant="body2" color="textSecondary">
        {joined([
          consumer.versionMode && t(`mode.short.${consumer.versionMode}`),
          consumer.versionInUse && shortVersion(consumer.versionInUse),
        ])}
      </Typography>
      <Outcome of={consumer} />
    </>
  );
}

function AffectedEntities({ of: consumer }: { of: Consumer }) {
  const t = useTexts();
  return (
    <Stack component="ul" gap={0}>
      {consumer.entities.map(entity => (
        <li key={entity.entityRef}>
          <OwnedEntity {...entity} />
        </li>
      ))}
      {consumer.hiddenEntities > 0 && (
        <li>{t('affected.hidden', { count: consumer.hiddenEntities })}</li>
      )}
      {!consumer.inCatalog && (
        <li>
          <Status statusStyle={{ tone: 'neutral', Icon: CloudIcon }}>
            {t('affected.outside')}
          </Status>
        </li>
      )}
    </Stack>
  );
}

/** Effect of a plan on a registry; nothing where there is no plan. */
function Outcome({ of: { outcome, losesKey } }: { of: Consumer }) {
  const t = useTexts();
  if (!losesKey && !outcome) return null;
  return losesKey ? (
    <Status statusStyle={checkStyles.warn}>
      {outcome ?? t('affected.losesKey')}
    </Status>
  ) : (
    <Typography variant="body2">{outcome}</Typography>
  );
}
