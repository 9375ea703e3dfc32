import { useEffect, useRef } from 'react';
import { useTexts } from '../../translations/ref';
import { TextInput } from '../shared/TextInput';

/** Characters of a reason, as the API takes them. */
const LEAST = 3;
const MOST = 500;

export function isReason(text: string): boolean {
  const { length } = text.trim();
  return length >= LEAST && length <= MOST;
}

/** Reason why an operation is requested or decided, for the record. */
export function ReasonField(props: {
  /** Default: "Reason". */
  label?: string;
  value: string;
  onChange(value: string): void;
  /** Number of submissions without a reason. */
  missing: number;
  /** The backend has refused it. */
  refused: boolean;
  disabled: boolean;
}) {
  const { value, missing, refused } = props;
  const t = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const isMissing = missing > 0 && !isReason(value);
  // It is brought into view, ready to be typed.
  useEffect(() => {
    if (missing > 0 || refused) input.current?.focus();
  }, [missing, refused]);
  return (
    <TextInput
      inputRef={input}
      label={props.label ?? t('operation.reason')}
      helperText={
        isMissing
          ? t('plan.reasonLength', { least: LEAST, most: MOST })
          : t('plan.reasonHelp')
      }
      value={value}
      onChange={props.onChange}
      error={isMissing || refused}
      disabled={props.disabled}
    />
  );
}
