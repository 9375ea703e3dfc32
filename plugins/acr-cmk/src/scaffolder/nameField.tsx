import { useApiHolder } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { useExplainPermissions } from '../components/shared/permissions';
import { checkStyles, Status } from '../components/shared/statusStyles';
import { TextInput } from '../components/shared/TextInput';
import { dataOf } from '../hooks/loaded';
import { useDebounced } from '../hooks/useDebounced';
import { useResource } from '../hooks/useResource';
import { useTexts } from '../translations/ref';
import { checkedField } from './checkedField';
import { textAt, type Texts } from './form';
import { judged, type Judge, type Verdict } from './verdict';

const STYLES = {
  fine: checkStyles.pass,
  wrong: checkStyles.fail,
  unknown: checkStyles.unknown,
  waits: checkStyles.unknown,
};

/** Field for a name that is judged while it is typed. */
export function nameField<Options extends {}>(field: {
  name: string;
  /** Default title. */
  label(t: Texts): string;
  judge: Judge<string, Options>;
  /** Path of the form value that the verdict depends on; when it changes, the name is judged again. */
  dependsOn?(options: Options): string;
}) {
  const { name, label, judge, dependsOn } = field;
  return checkedField<string, Options>({
    name,
    judge,
    Control({ title, description, errors = [], form, options, ...control }) {
      const t = useTexts();
      const apis = useApiHolder();
      const value = control.value ?? '';
      const other = dependsOn && textAt(form, dependsOn(options));
      const asked = useDebounced(
        value === '' ? undefined : JSON.stringify([value, other]),
        true,
      );
      const { loaded } = useResource<Verdict>(asked, {
        load: (_api, { signal }) =>
          judged(judge, value, { apis, t, form, options, signal }),
      });
      const verdict = dataOf(loaded);
      return (
        <TextInput
          label={title ?? label(t)}
          required={control.required}
          disabled={control.disabled}
          value={value}
          onChange={text => control.onChange(text || undefined)}
          error={verdict ? verdict.status === 'wrong' : errors.length > 0}
          helperText={
            <>
              {description}
              {value !== '' && (
                <span role="status" style={{ display: 'block' }}>
                  {verdict ? (
                    <VerdictText verdict={verdict} errors={errors} />
                  ) : (
                    t('installation.running')
                  )}
                </span>
              )}
            </>
          }
          exact
        />
      );
    },
  });
}

/** The verdict, unless the form shows the same error itself. */
function VerdictText(props: { verdict: Verdict; errors: string[] }) {
  const { verdict, errors } = props;
  const explain = useExplainPermissions();
  const t = useTexts();
  return (
    <>
      {!errors.includes(verdict.text) && (
        <Status statusStyle={STYLES[verdict.status]}>
          {explain(verdict.text)}
        </Status>
      )}
      {/* The form keeps its errors until it checks again. */}
      {verdict.status === 'fine' && errors.length > 0 && (
        <> {t('fields.earlierError')}</>
      )}
      {verdict.entityRef && (
        <>
          {' '}
          <EntityRefLink entityRef={verdict.entityRef} target="_blank" />
        </>
      )}
    </>
  );
}
