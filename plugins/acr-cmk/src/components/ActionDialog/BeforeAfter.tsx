import Typography from '@material-ui/core/Typography';
import type {
  ChosenFor,
  EncryptionFields,
  EncryptionIdentity,
  PlannedChange,
} from 'backstage-plugin-acr-cmk-common';
import { dataOf } from '../../hooks/loaded';
import { useIdentities } from '../../hooks/useFormOptions';
import { useTexts } from '../../translations/ref';
import { DataTable } from '../shared/DataTable';
import { Fold } from '../shared/Fold';
import { Code, Fact, Facts } from '../shared/layout';
import { namedStyles } from '../shared/styles';
import { PLAN_FIELDS, type PlanField, withoutPlaceholder } from './planFields';

/** Placeholder of the backend for an identity that a step creates. */
const NEW_IDENTITY = '<new identity>';

const useStyles = namedStyles('BeforeAfter', theme => ({
  changed: { fontWeight: 700 },
  unchanged: { padding: theme.spacing(0.75, 1, 0) },
}));

const hasVersionInUri = (of: EncryptionFields) =>
  of.keyIdentifier !== null && of.keyIdentifier === of.versionedKeyIdentifier;

/** Encryption settings that a plan changes, and what else it changes, before and after; the other settings folded. */
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
  const t = useTexts();
  // On a fixed version, the key URI already names the version in use.
  const fields = [before, after].every(hasVersionInUri)
    ? PLAN_FIELDS.filter(field => field !== 'versionedKeyIdentifier')
    : PLAN_FIELDS;
  const differing = fields.filter(field => before[field] !== after[field]);
  if (differing.length + changes.length === 0) {
    return <Typography variant="body2">{t('plan.noChange')}</Typography>;
  }
  // Beside other changes, settings of which none changes are not worth a line.
  const unchanged =
    differing.length > 0
      ? fields.filter(field => !differing.includes(field))
      : [];
  const valueOf = (field: PlanField, of: EncryptionFields) => (
    <Value
      field={field}
      of={of}
      identity={identity}
      chosenFor={props.chosenFor}
    />
  );
  const rows = [
    ...changes,
    ...differing.map(field => ({
      what: t(`plan.fields.${field}`),
      before: valueOf(field, before),
      after: valueOf(field, after),
    })),
  ];
  return (
    <>
      <DataTable
        wraps
        label={t('plan.beforeAfter')}
        items={rows}
        keyOf={({ what }) => what}
        columns={[
          { title: t('plan.field'), width: 9, cell: ({ what }) => what },
          { title: t('plan.before'), width: 15, cell: row => row.before },
          {
            title: t('plan.after'),
            width: 15,
            cell: row => <div className={classes.changed}>→ {row.after}</div>,
          },
        ]}
      />
      {unchanged.length > 0 && (
        <div className={classes.unchanged}>
          <Fold
            muted
            summary={t('plan.unchanged', { count: unchanged.length })}
          >
            <Facts>
              {unchanged.map(field => (
                <Fact key={field} name={t(`plan.fields.${field}`)}>
                  {valueOf(field, before)}
                </Fact>
              ))}
            </Facts>
          </Fold>
        </div>
      )}
    </>
  );
}

function Value(props: {
  field: PlanField;
  of: EncryptionFields;
  identity?: EncryptionIdentity | null;
  chosenFor: ChosenFor;
}) {
  const { field, of, identity } = props;
  const t = useTexts();
  const value = of[field];
  if (value === null) return <>{t('nothing')}</>;
  // The only one of them: whether the registry follows new versions.
  if (typeof value === 'boolean') {
    return <>{t(`glance.mode.${value ? 'automatic' : 'manual'}`)}</>;
  }
  if (field === 'status')
    return <>{value === 'enabled' ? t('enabled') : t('disabled')}</>;
  const known = withoutPlaceholder(value);
  if (known !== value) {
    return (
      <>
        <Code>{known}</Code>
        <div>{t('plan.newVersion')}</div>
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
  const listed = dataOf(useIdentities(chosenFor))?.items.find(
    identity => identity.clientId === clientId,
  );
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
