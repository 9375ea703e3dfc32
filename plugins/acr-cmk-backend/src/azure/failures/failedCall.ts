import type { CallTarget, LastAnswer } from '../transport/callTarget';

/** State of a failed call, for the translation of its error. */
export interface FailedCall {
  target: CallTarget;
  /** Indicates whether a write was sent. */
  sent: boolean;
  timedOut: boolean;
  lastAnswer?: LastAnswer;
}

export const credentialOf = (target: CallTarget) =>
  target.credential ? `the ${target.credential} credential` : 'the backend';

/** Nothing was written: no write had left, or Azure's answer says so. */
export function effectOf(
  call: FailedCall,
  status?: number,
): 'refused' | 'unknown' {
  if (!call.target.writes || !call.sent) return 'refused';
  // 408 comes from a gateway that does not know how far the request got.
  return status !== undefined && status >= 400 && status < 500 && status !== 408
    ? 'refused'
    : 'unknown';
}

export const messageFor = (target: CallTarget, why: string) =>
  `Could not ${target.doing}: ${why.replace(/\.+$/, '')}.`;
