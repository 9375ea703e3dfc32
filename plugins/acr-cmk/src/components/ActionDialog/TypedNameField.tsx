import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEffect, useRef } from 'react';
import type { Refusal } from '../../hooks/refusal';
import { acrCmkTranslationRef } from '../../translations/ref';
import { TextInput } from '../shared/TextInput';

/** The name of the registry, typed to confirm. Takes the focus when the backend refuses it. */
export function TypedNameField(props: {
  /** The name to type. */
  name: string;
  value: string;
  onChange(value: string): void;
  refusal: Refusal | undefined;
  disabled: boolean;
}) {
  const { name, refusal } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const input = useRef<HTMLInputElement>(null);
  const isRefused = refusal?.field === 'confirmation';
  useEffect(() => {
    if (isRefused) input.current?.focus();
  }, [isRefused, refusal]);
  return (
    <TextInput
      inputRef={input}
      label={t('plan.typeName', { name })}
      value={props.value}
      onChange={event => props.onChange(event.target.value)}
      error={isRefused}
      disabled={props.disabled}
      exact
    />
  );
}
