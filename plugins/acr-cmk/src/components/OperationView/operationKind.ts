import {
  assertNever,
  type Intent,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import { isVersionOf } from '../shared/isVersionOf';

/** Kind of operation, in the words of the labels. */
export type OperationKind =
  | Exclude<Intent['kind'], 'rotate'>
  | 'rotate'
  | 'change-key'
  | 'change-version'
  | 'change-mode'
  | 'change-identity';

/** A rotate that only changes the version, the mode or the identity is called by that. */
export function operationKindOf({
  intent,
  plan,
}: Pick<Operation, 'intent'> & {
  plan: Pick<Operation['plan'], 'before' | 'after'>;
}): OperationKind {
  if (intent.kind !== 'rotate') return intent.kind;
  switch (intent.key?.kind) {
    case undefined:
    case 'new-version':
      return 'rotate';
    case 'existing':
      return isVersionOf(plan.before.keyIdentifier, intent.key.keyIdentifier)
        ? 'change-version'
        : 'change-key';
    case 'new-key':
      return 'change-key';
    case 'current':
      if (plan.before.keyRotationEnabled !== plan.after.keyRotationEnabled) {
        return 'change-mode';
      }
      return intent.identity === undefined ? 'rotate' : 'change-identity';
    default:
      return assertNever(intent.key);
  }
}
