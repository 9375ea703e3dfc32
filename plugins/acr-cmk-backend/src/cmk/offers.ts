import type {
  ActionId,
  ActionOffer,
  Binding,
  RegistryState,
} from 'backstage-plugin-acr-cmk-common';

/** What decides whether a person may ask for an action. */
export interface OfferContext {
  state: RegistryState;
  binding: Binding;
  /** The permission that each action needs, and whether the person has it. */
  permissions: Record<ActionId, { name: string; granted: boolean }>;
  credentials: { rotate: boolean; revoke: boolean };
  runningOperationId?: string;
  /** What the configuration allows that is off otherwise. */
  allows: { retire: boolean };
  /** Has the key an old enabled version, beside the one in use? */
  hasOldVersion: boolean;
}

export const ACTIONS: readonly ActionId[] = [
  'rotate',
  'revoke',
  'restore',
  'retire',
];

/** Whether an action may be asked for, and if not, the one message that says why. */
export function offerOf(action: ActionId, context: OfferContext): ActionOffer {
  const reason = refusal(action, context);
  return reason === undefined
    ? { action, allowed: true }
    : { action, allowed: false, reason };
}

const NEEDED: Record<ActionId, readonly ('rotate' | 'revoke')[]> = {
  rotate: ['rotate'],
  revoke: ['revoke'],
  restore: ['revoke', 'rotate'],
  retire: ['revoke'],
};

function refusal(
  action: ActionId,
  {
    state,
    binding,
    permissions,
    credentials,
    runningOperationId,
    allows,
    hasOldVersion,
  }: OfferContext,
): string | undefined {
  const permission = permissions[action];
  if (!permission.granted) {
    return `You need the permission ${permission.name} on this entity.`;
  }
  if (state.id === 'no-cmk') {
    return 'The registry has no customer-managed key, and cannot get one after its creation.';
  }
  if (!binding.proven) return binding.message;
  if (action === 'retire' && !allows.retire) {
    return 'Retiring versions is switched off in this portal: acrCmk.operations.retire is not true.';
  }
  const missing = NEEDED[action].find(name => !credentials[name]);
  if (missing) {
    return `This portal has no credential for it: configure acrCmk.azure.credentials.${missing}.`;
  }
  if (runningOperationId) {
    return `Operation ${runningOperationId} is at work on this registry.`;
  }
  if (action === 'restore' && state.id !== 'revoked') {
    return 'The registry has access to its key; nothing is to be restored.';
  }
  if (action === 'revoke' && state.id === 'revoked') {
    return 'The registry has lost access to its key already.';
  }
  if (action === 'rotate' && state.id === 'revoked') {
    return 'The registry has no access to its key; restore that first.';
  }
  if (action === 'retire' && !hasOldVersion) {
    return 'The key has no enabled version older than its newest that this registry does not use.';
  }
  return undefined;
}
