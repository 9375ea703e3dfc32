import { assertNever } from './assertNever';
import { KeyIdentifier } from './KeyIdentifier';
import type { Intent, Operation } from './model';

/**
 * Kind of an operation, in the words of labels.
 *
 * @public
 */
export type OperationKind =
  | Intent['kind']
  | 'change-key'
  | 'change-version'
  | 'change-mode'
  | 'change-identity'
  | 'resend-key';

/**
 * The name of an operation: a rotate that makes no version is called by what it changes. Every list, button
 * and title has it from here.
 *
 * @public
 */
export function operationKindOf({
  intent,
  plan: { before, after },
}: {
  intent: Intent;
  plan: Pick<Operation['plan'], 'before' | 'after'>;
}): OperationKind {
  if (intent.kind !== 'rotate') return intent.kind;
  switch (intent.key?.kind) {
    case undefined:
    case 'new-version':
      return 'rotate';
    case 'existing':
      return isVersionOf(before.keyIdentifier, intent.key.keyIdentifier)
        ? 'change-version'
        : 'change-key';
    case 'new-key':
      return 'change-key';
    case 'current':
      if (before.keyRotationEnabled !== after.keyRotationEnabled) {
        return 'change-mode';
      }
      if (intent.identity !== undefined) return 'change-identity';
      return before.versionedKeyIdentifier === after.versionedKeyIdentifier
        ? 'resend-key'
        : 'change-version';
    default:
      return assertNever(intent.key);
  }
}

/** True when the URI names a version of the key that the registry uses. */
function isVersionOf(present: string | null, uri: string): boolean {
  const named = KeyIdentifier.tryParse(uri);
  const used = KeyIdentifier.tryParse(present ?? undefined)?.versionless;
  return Boolean(used && named?.version && named.versionless.equals(used));
}
