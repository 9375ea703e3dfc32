import Button from '@material-ui/core/Button';
import { assertNever, type OptionList } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useState } from 'react';
import type { AcrCmkApi } from '../api';
import { ListProblem } from '../components/ActionDialog/ListProblem';
import { isSame } from '../components/shared/isSame';
import { Picker, type PickerOption } from '../components/shared/Picker';
import { dataOf } from '../hooks/loaded';
import { sentence } from '../components/shared/sentence';
import { type OptionsToSelect, useOptionList } from '../hooks/useOptionList';
import { useTexts } from '../translations/ref';
import { checkedField } from './checkedField';
import type { Texts } from './form';
import { fine, wrong } from './verdict';

/** Field for an ARM id of a list of the backend. */
export function choiceField<T>(field: {
  name: string;
  /** Default title. */
  label(t: Texts): string;
  list(
    api: AcrCmkApi,
    options: { signal?: AbortSignal },
  ): Promise<OptionList<T>>;
  toOption(choice: T, t: Texts): PickerOption;
  /** Offered before the list, for no value. */
  first?(t: Texts): PickerOption;
  /** Value to begin with. */
  initial?(choices: T[]): string | undefined;
  /** Shown when there is nothing to select. */
  empty(t: Texts): string;
  /** Problem with the id of another one, named by the id's last part. */
  notListed(t: Texts, name: string): string;
}) {
  const { name, label, list, toOption, first, initial, empty } = field;
  return checkedField<string, {}>({
    name,
    Control({ title, value, onChange, ...control }) {
      const t = useTexts();
      const choices = useOptionList(name, list);
      const suggested = value
        ? undefined
        : initial?.(dataOf(choices)?.items ?? []);
      useEffect(() => {
        if (suggested) onChange(suggested);
      }, [suggested, onChange]);
      return (
        <OptionField<T>
          {...control}
          label={title ?? label(t)}
          formOptions={choices}
          empty={empty(t)}
          first={first?.(t)}
          toOptions={choice => [toOption(choice, t)]}
          value={value ?? ''}
          onChange={chosen => onChange(chosen || undefined)}
        />
      );
    },
    async judge(id, { api, t, signal }) {
      const { items } = await list(api, { signal });
      return items.some(item => isSame(toOption(item, t).value, id))
        ? fine()
        : wrong(field.notListed(t, id.slice(id.lastIndexOf('/') + 1)));
    },
  });
}

export interface OptionFieldProps<T> {
  label: string;
  /** The description in the template. */
  description?: string;
  required?: boolean;
  disabled?: boolean;
  /** Errors of the form, which shows them below the field. */
  errors?: string[];
  formOptions: OptionsToSelect<T>;
  toOptions(choice: T): PickerOption[];
  /** Offered before the list, also while there is none. */
  first?: PickerOption;
  /** Shown when there is nothing to select. */
  empty: string;
  /** An empty list cannot be read again: something else has to be selected first. */
  waits?: boolean;
  value: string;
  onChange(value: string): void;
}

/** A field of a template's form that selects from a list of the backend. */
export function OptionField<T>(props: OptionFieldProps<T>) {
  const { formOptions, toOptions, required, value } = props;
  const t = useTexts();
  const listed = dataOf(formOptions)?.items.flatMap(toOptions) ?? [];
  const options = props.first ? [props.first, ...listed] : listed;
  const errors = props.errors ?? [];
  const isMended = useIsOutlived(errors, value);
  return (
    <Picker
      label={required ? `${props.label} *` : props.label}
      value={value}
      options={options}
      loading={formOptions.status === 'loading'}
      disabled={props.disabled || options.length === 0}
      error={errors.length > 0 && !isMended}
      help={
        <>
          <Help {...props} isEmpty={listed.length === 0} />
          {isMended && <> {t('fields.earlierError')}</>}
        </>
      }
      onChange={props.onChange}
    />
  );
}

/** True when the form still shows errors about an earlier value: it keeps them until it checks again. */
function useIsOutlived(errors: readonly string[], value: string): boolean {
  const text = errors.join('\n');
  const [checked, setChecked] = useState({ text, value });
  // The errors have changed, so the form has checked this value.
  if (checked.text !== text) setChecked({ text, value });
  return text !== '' && checked.text === text && checked.value !== value;
}

/** Reason why the list is empty or incomplete; else what the field is for. */
function Help<T>(props: OptionFieldProps<T> & { isEmpty: boolean }) {
  const { formOptions, description, empty, isEmpty } = props;
  const t = useTexts();
  switch (formOptions.status) {
    case 'loading':
      return <>{t('picker.loading')}</>;
    case 'denied':
      return <ListProblem of={formOptions} />;
    case 'failed':
      return (
        <>
          <ListProblem of={formOptions} />{' '}
          <Button size="small" onClick={formOptions.retry}>
            {t('tryAgain')}
          </Button>
        </>
      );
    case 'ready':
      return (
        <>
          {/* A list that could not be read completely is not known to be empty. */}
          {isEmpty
            ? formOptions.data.complete && empty
            : description && sentence(description)}{' '}
          <ListProblem of={formOptions} />
          {isEmpty && !props.waits && (
            <Button
              size="small"
              disabled={formOptions.refreshing}
              onClick={formOptions.refresh}
            >
              {t('head.refresh')}
            </Button>
          )}
        </>
      );
    default:
      return assertNever(formOptions);
  }
}
