import { useApiHolder } from '@backstage/core-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useExplainPermissions } from '../components/shared/permissions';
import { checkStyles, Status } from '../components/shared/statusStyles';
import { TextInput } from '../components/shared/TextInput';
import { useDebounced } from '../hooks/useDebounced';
import { useResource } from '../hooks/useResource';
import { useTexts } from '../translations/ref';
import { fieldProps } from './fieldProps';
import { judged, type Judge, type Verdict } from './verdict';

const STYLES = {
  fine: checkStyles.pass,
  wrong: checkStyles.fail,
  unknown: checkStyles.unknown,
  waits: checkStyles.unknown,
};

/** A name that is judged while it is typed. */
export function CheckedName<Options extends {}>(
  props: FieldExtensionComponentProps<string, Options> & {
    label: string;
    judge: Judge<string, Options>;
    /** Form value that the verdict depends on; when it changes, the name is judged again. */
    dependsOn?: string;
  },
) {
  const { formData, onChange, judge } = props;
  const t = useTexts();
  const apis = useApiHolder();
  const {
    title,
    description,
    required,
    disabled,
    errors = [],
  } = fieldProps(props);
  const name = formData ?? '';
  const asked = useDebounced(
    name === '' ? undefined : JSON.stringify([name, props.dependsOn]),
    true,
  );
  const { loaded } = useResource<Verdict>(asked, {
    load: ({ signal }) =>
      judged(judge, name, {
        apis,
        t,
        form: formOf(props),
        options: (props.uiSchema['ui:options'] ?? {}) as Options,
        signal,
      }),
    pauseAfter: () => undefined,
  });
  const verdict = loaded.status === 'ready' ? loaded.data : undefined;
  return (
    <TextInput
      label={title ?? props.label}
      required={required}
      disabled={disabled}
      value={name}
      onChange={event => onChange(event.target.value || undefined)}
      error={verdict ? verdict.status === 'wrong' : errors.length > 0}
      helperText={
        <>
          {description}
          {name !== '' && (
            <span role="status" style={{ display: 'block' }}>
              {verdict ? (
                <VerdictText verdict={verdict} errors={errors} />
              ) : (
                t('fields.checking')
              )}
            </span>
          )}
        </>
      }
      exact
    />
  );
}

/** The verdict, unless the form shows the same error itself. */
function VerdictText({
  verdict,
  errors,
}: {
  verdict: Verdict;
  errors: string[];
}) {
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

/** Every value of the form, as the scaffolder hands it to fields. */
export function formOf({
  formContext,
}: Pick<FieldExtensionComponentProps<any, any>, 'formContext'>): unknown {
  return (formContext as { formData?: unknown } | undefined)?.formData;
}
