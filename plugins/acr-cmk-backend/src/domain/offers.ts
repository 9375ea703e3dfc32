import type {
  ActionId,
  ActionOffer,
  Binding,
  RegistryState,
} from 'backstage-plugin-acr-cmk-common';
import { type KeyAccess, nothingToRestore } from './keyAccess';
import { intents } from './plan/intents';

/** Circumstances that decide whether a person may request an action. */
export interface OfferContext {
  /** False for a service: only people may change keys. */
  isPerson: boolean;
  state: RegistryState;
  access: KeyAccess;
  /** Another identity is attached, or the system-assigned one is on. */
  hasOtherIdentity: boolean;
  binding: Binding;
  /** The permission that each action needs, whether the person has it, and who does. */
  permissions: Record<
    ActionId,
    { name: string; granted: boolean; holders: string }
  >;
  credentials: { rotate: boolean; revoke: boolean };
  runningOperationId?: string;
  /** A revoke of it is not undone yet. */
  hasPendingRevoke: boolean;
  /** Features that are off by default and that the configuration turns on. */
  allows: { retire: boolean };
  /** Whether the key has an old enabled version, beside the one in use. */
  hasOldVersion: boolean;
}

/** Reason why a service is offered no change. */
export const ONLY_PEOPLE =
  'Only people may change keys. Use the token of a person, not of a service.';

export const ACTIONS: readonly ActionId[] = [
  'rotate',
  'automatic-rotation',
  'revoke',
  'restore',
  'retire',
];

/** Whether an action may be requested, and if not, one message with the reason. */
export function offerOf(action: ActionId, context: OfferContext): ActionOffer {
  const reason = refusal(action, context);
  return reason === undefined
    ? { action, allowed: true }
    : { action, allowed: false, reason };
}

function refusal(
  action: ActionId,
  {
    isPerson,
    state,
    access,
    hasOtherIdentity,
    binding,
    permissions,
    credentials,
    runningOperationId,
    hasPendingRevoke,
    allows,
    hasOldVersion,
  }: OfferContext,
): string | undefined {
  if (!isPerson) return ONLY_PEOPLE;
  const permission = permissions[action];
  if (!permission.granted) {
    return `You need the permission ${permission.name} on this entity. Ask ${permission.holders}.`;
  }
  if (state.id === 'no-cmk') {
    return 'The registry has no customer-managed key. One can be chosen only when a registry is created.';
  }
  if (!binding.proven) return binding.message;
  if (action === 'retire' && !allows.retire) {
    return 'Retiring versions is turned off in this portal: acrCmk.operations.retire is not true.';
  }
  const missing = intents[action].credentials.find(name => !credentials[name]);
  if (missing) {
    return `This portal has no credential for this: configure acrCmk.azure.credentials.${missing}.`;
  }
  if (runningOperationId) {
    return `Operation ${runningOperationId} of this registry has not ended. Wait for its end.`;
  }
  if (action === 'restore') {
    // Access that is back at the vault is not always noticed by the registry.
    return hasPendingRevoke && access.access !== 'blocked'
      ? undefined
      : nothingToRestore(access);
  }
  const rotates = action === 'rotate' || action === 'automatic-rotation';
  if (rotates && access.access === 'blocked') {
    const mayHelp =
      action === 'rotate' &&
      (access.rotation === 'helps' ||
        (access.rotation === 'helps-with-another-identity' &&
          hasOtherIdentity));
    if (!mayHelp) {
      return `A rotation does not help: ${access.message}.`;
    }
  }
  if (action === 'revoke' && state.id === 'revoked') {
    return 'The registry has already lost access to its key.';
  }
  if (rotates && state.id === 'revoked') {
    return 'The registry has no access to its key. Restore it first.';
  }
  if (action === 'retire' && !hasOldVersion) {
    return 'The key has no old enabled version to retire.';
  }
  return undefined;
}
