import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import CloudIcon from '@material-ui/icons/CloudQueue';
import {
  type Consumer,
  operationKindOf,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { mayApprove } from '../OperationView/mayApprove';
import { EntityName } from '../shared/EntityName';
import { checkStyles, operationStyles, Status } from '../shared/statusStyles';
import { shortVersion } from '../shared/shortVersion';
import { plainTable } from '../shared/styles';
import { TextInput } from '../shared/TextInput';
import { countAffected, entitiesInWords, matching } from './affected';

/** Number of items shown before **More**. */
const FIRST_SHOWN = 8;

const useStyles = makeStyles(
  theme => ({
    table: plainTable(theme, 0.75),
    list: { listStyle: 'none', margin: 0, padding: 0 },
    filter: { marginBottom: theme.spacing(1) },
  }),
  { name: 'AcrCmkAffectedRegistries' },
);

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
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const [filter, setFilter] = useState('');
  const [all, setAll] = useState(false);
  const counts = countAffected(consumers);
  if (consumers.length === 0) {
    return <Typography variant="body2">{t('affected.none')}</Typography>;
  }
  const found = matching(consumers, filter);
  const shown = all ? found : found.slice(0, FIRST_SHOWN);
  return (
    <>
      {consumers.length > FIRST_SHOWN && (
        <TextInput
          label={t('affected.filter')}
          value={filter}
          onChange={event => setFilter(event.target.value)}
          fullWidth={false}
          className={classes.filter}
        />
      )}
      <table className={classes.table}>
        <thead>
          <tr>
            <Typography component="th" scope="col" variant="body2">
              {t('affected.registries', { count: counts.registries })}
            </Typography>
            <Typography component="th" scope="col" variant="body2">
              {entitiesInWords(t, counts)}
            </Typography>
          </tr>
        </thead>
        <tbody>
          {shown.map(consumer => (
            <AffectedRow
              key={consumer.registryId}
              consumer={consumer}
              asked={asked.filter(
                ({ registryId }) =>
                  registryId.toLowerCase() ===
                  consumer.registryId.toLowerCase(),
              )}
            />
          ))}
        </tbody>
      </table>
      {found.length === 0 && (
        <Typography variant="body2">{t('affected.noMatch')}</Typography>
      )}
      {found.length > shown.length && (
        <Button size="small" onClick={() => setAll(true)}>
          {t('more', { count: found.length - shown.length })}
        </Button>
      )}
    </>
  );
}

function AffectedRow({
  consumer,
  asked,
}: {
  consumer: Consumer;
  asked: Operation[];
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <tr>
      <Typography component="th" scope="row" variant="body2">
        {consumer.registryName}
        {consumer.self && <> ({t('affected.self')})</>}
        {asked.map(operation => (
          <div key={operation.id}>
            <Status statusStyle={operationStyles['awaiting-approval']}>
              {t(
                mayApprove(operation) ? 'affected.askedYou' : 'affected.asked',
                {
                  kind: t(`operation.kind.${operationKindOf(operation)}`),
                },
              )}
            </Status>
          </div>
        ))}
        <Typography variant="body2" color="textSecondary">
          {[
            consumer.versionMode && t(`mode.short.${consumer.versionMode}`),
            consumer.versionInUse && shortVersion(consumer.versionInUse),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Typography>
        <Outcome of={consumer} />
      </Typography>
      <Typography component="td" variant="body2">
        <ul className={classes.list}>
          {consumer.entities.map(({ entityRef, owner }) => (
            <li key={entityRef}>
              <EntityName entityRef={entityRef} />
              {owner && (
                <>
                  {' · '}
                  {t('affected.ownedBy')} <EntityName entityRef={owner} />
                </>
              )}
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
        </ul>
      </Typography>
    </tr>
  );
}

/** Effect of a plan on a registry; nothing where there is no plan. */
function Outcome({ of: { outcome, losesKey } }: { of: Consumer }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (!losesKey && !outcome) return null;
  return losesKey ? (
    <Status statusStyle={checkStyles.warn}>
      {outcome ?? t('affected.losesKey')}
    </Status>
  ) : (
    <Typography variant="body2">{outcome}</Typography>
  );
}
