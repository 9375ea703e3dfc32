import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { assertNever, type Choices } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import type { Loaded } from '../../hooks/loaded';
import { acrCmkTranslationRef } from '../../translations/ref';
import { ListTrouble } from '../ActionDialog/ListTrouble';
import { Picker, type PickerOption } from '../shared/Picker';

export interface ChoiceFieldProps<T> {
  label: string;
  /** What the template says of the field. */
  description?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  /** What is wrong with the value, from the form. */
  errors?: string[];
  choices: Loaded<Choices<T>>;
  optionsOf(choice: T): PickerOption[];
  /** Said when there is nothing to choose. */
  empty: string;
  value: string;
  onChange(value: string): void;
}

/** A field of a template's form in which one of a list of the backend is chosen. */
export function ChoiceField<T>(props: ChoiceFieldProps<T>) {
  const { choices, optionsOf, required, value } = props;
  const options =
    choices.status === 'ready' ? choices.data.items.flatMap(optionsOf) : [];
  return (
    <Picker
      label={required ? `${props.label} *` : props.label}
      value={value}
      options={options}
      loading={choices.status === 'loading'}
      disabled={props.disabled || options.length === 0}
      error={(props.errors ?? []).length > 0}
      help={<Help {...props} isEmpty={options.length === 0} />}
      onChange={props.onChange}
    />
  );
}

/** Why there is nothing, or not everything, to choose; else what the field is for. */
function Help<T>(props: ChoiceFieldProps<T> & { isEmpty: boolean }) {
  const { choices, description, empty, errors = [], isEmpty } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  switch (choices.status) {
    case 'loading':
      return <>{t('picker.loading')}</>;
    case 'denied':
      return <ListTrouble of={choices} />;
    case 'failed':
      return (
        <>
          <ListTrouble of={choices} />{' '}
          <Button size="small" onClick={choices.retry}>
            {t('tryAgain')}
          </Button>
        </>
      );
    case 'ready':
      return (
        <>
          {isEmpty ? empty : errors.join('. ') || description}{' '}
          <ListTrouble of={choices} />
        </>
      );
    default:
      return assertNever(choices);
  }
}
