import { useEffect, useRef, useState } from 'react';
import type { Refusal } from '../../hooks/refusal';
import { useTexts } from '../../translations/ref';
import { Stack } from '../shared/Stack';
import { TextInput } from '../shared/TextInput';
import { isReason, ReasonField } from './ReasonField';

/** Inputs by which a person confirms a request, as typed. */
export function useConfirmation() {
  const [reason, setReason] = useState('');
  const [typedName, setTypedName] = useState('');
  /** Number of submissions without a reason. */
  const [missing, setMissing] = useState(0);
  return {
    reason,
    setReason,
    typedName,
    setTypedName,
    missing,
    /** True when there is a reason; else the field asks for it. */
    hasReason() {
      if (isReason(reason)) return true;
      setMissing(times => times + 1);
      return false;
    },
  };
}

/** Inputs that a request needs. They stay in view, so notes on a plan stand in the plan. */
export function ConfirmationFields(props: {
  confirmation: ReturnType<typeof useConfirmation>;
  /** Default: true. */
  asksReason?: boolean;
  /** Name to type; absent where none is asked for. */
  name?: string | null;
  refusal: Refusal | undefined;
  disabled: boolean;
}) {
  const { confirmation, name, asksReason = true, refusal, disabled } = props;
  return (
    // In one row where it is wide enough, so that they take little of the height of a dialog.
    <Stack gap={1.5} minColumnWidth="18em">
      {asksReason && (
        <ReasonField
          value={confirmation.reason}
          onChange={confirmation.setReason}
          missing={confirmation.missing}
          refused={refusal?.field === 'reason'}
          disabled={disabled}
        />
      )}
      {typeof name === 'string' && (
        <TypedNameField
          name={name}
          value={confirmation.typedName}
          onChange={confirmation.setTypedName}
          refusal={refusal}
          disabled={disabled}
        />
      )}
    </Stack>
  );
}

/** The name of the registry, typed to confirm. Takes the focus when the backend refuses it. */
function TypedNameField(props: {
  name: string;
  value: string;
  onChange(value: string): void;
  refusal: Refusal | undefined;
  disabled: boolean;
}) {
  const { name, refusal } = props;
  const t = useTexts();
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
      onChange={props.onChange}
      error={isRefused}
      disabled={props.disabled}
      exact
    />
  );
}
