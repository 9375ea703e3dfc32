import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type {
  ChosenFor,
  EncryptionFields,
  EncryptionIdentity,
  PlannedChange,
} from 'backstage-plugin-acr-cmk-common';
import { useIdentities } from '../../hooks/useFormOptions';
import { acrCmkTranslationRef } from '../../translations/ref';
import { Code } from '../shared/layout';
import { plainTable } from '../shared/styles';
import { PLAN_FIELDS, type PlanField } from './planFields';

/** Placeholder of the backend for a version that the vault will name. */
const NEW_VERSION = '<new version>';
/** Placeholder of the backend for an identity that a step creates. */
const NEW_IDENTITY = '<new identity>';

const useStyles = makeStyles(
  theme => ({
    table: {
      ...plainTable(theme, 0.75),
      tableLayout: 'fixed',
      '& thead th:first-child': { width: '10em' },
      [theme.breakpoints.down('xs')]: {
        '& thead': { display: 'none' },
        '& tr, & th, & td': { display: 'block', border: 'none' },
        '& tr': { borderBottom: `1px solid ${theme.palette.divider}` },
      },
    },
    changed: { fontWeight: 700 },
  }),
  { name: 'AcrCmkBeforeAfter' },
);

/** The encryption settings of a registry, and what else a plan changes, before and after. */
export function BeforeAfter(props: {
  before: EncryptionFields;
  after: EncryptionFields;
  changes: PlannedChange[];
  /** The present identity of the registry, whose name is known. */
  identity?: EncryptionIdentity | null;
  chosenFor: ChosenFor;
}) {
  const { before, after, changes, identity } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const isSame = PLAN_FIELDS.every(field => before[field] === after[field]);
  if (isSame && changes.length === 0) {
    return <Typography variant="body2">{t('plan.noChange')}</Typography>;
  }
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('plan.field')}</th>
          <th scope="col">{t('plan.before')}</th>
          <th scope="col">{t('plan.after')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(change => (
          <tr key={change.what}>
            <th scope="row">{change.what}</th>
            <td>{change.before}</td>
            <td className={classes.changed}>→ {change.after}</td>
          </tr>
        ))}
        {(isSame ? [] : PLAN_FIELDS).map(field => {
          const isChanged = before[field] !== after[field];
          return (
            <tr key={field}>
              <th scope="row">{t(`plan.fields.${field}`)}</th>
              <td>
                <Value
                  field={field}
                  of={before}
                  identity={identity}
                  chosenFor={props.chosenFor}
                />
              </td>
              <td className={isChanged ? classes.changed : undefined}>
                {isChanged ? (
                  <>
                    →{' '}
                    <Value
                      field={field}
                      of={after}
                      identity={identity}
                      chosenFor={props.chosenFor}
                    />
                  </>
                ) : (
                  <Typography
                    component="span"
                    variant="body2"
                    color="textSecondary"
                  >
                    {t('plan.unchanged')}
                  </Typography>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Value(props: {
  field: PlanField;
  of: EncryptionFields;
  identity?: EncryptionIdentity | null;
  chosenFor: ChosenFor;
}) {
  const { field, of, identity } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const value = of[field];
  if (value === null) return <>{t('nothing')}</>;
  // The only one of them: whether the registry follows new versions.
  if (typeof value === 'boolean') {
    return <>{t(`glance.mode.${value ? 'automatic' : 'manual'}`)}</>;
  }
  if (field === 'status')
    return <>{value === 'enabled' ? t('enabled') : t('disabled')}</>;
  if (value.endsWith(NEW_VERSION)) {
    return (
      <>
        <Code>{value.slice(0, -NEW_VERSION.length)}</Code>
        {t('plan.newVersion')}
      </>
    );
  }
  if (field !== 'identity') return <Code>{value}</Code>;
  if (value === NEW_IDENTITY) return <>{t('plan.newIdentity')}</>;
  if (value === 'system') return <>{t('identity.system')}</>;
  return value === identity?.clientId ? (
    <NamedIdentity name={identity.name} clientId={value} />
  ) : (
    <ListedIdentity clientId={value} chosenFor={props.chosenFor} />
  );
}

/** An identity of which only the client id is known: its name is on the list of identities. */
function ListedIdentity({
  clientId,
  chosenFor,
}: {
  clientId: string;
  chosenFor: ChosenFor;
}) {
  const identities = useIdentities(chosenFor);
  const listed =
    identities.status === 'ready'
      ? identities.data.items.find(identity => identity.clientId === clientId)
      : undefined;
  return <NamedIdentity name={listed?.name} clientId={clientId} />;
}

function NamedIdentity(props: { name: string | undefined; clientId: string }) {
  return (
    <>
      {props.name && <div>{props.name}</div>}
      <Code>{props.clientId}</Code>
    </>
  );
}
