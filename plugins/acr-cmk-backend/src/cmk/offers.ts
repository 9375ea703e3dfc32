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
}

export const ACTIONS: readonly ActionId[] = ['rotate', 'revoke', 'restore'];

/** Whether an action may be asked for, and if not, the one sentence that says why. */
export function offerOf(action: ActionId, context: OfferContext): ActionOffer {
  const reason = refusal(action, context);
  return reason === undefined
    ? { action, allowed: true }
    : { action, allowed: false, reason };
}

function refusal(
  action: ActionId,
  {
    state,
    binding,
    permissions,
    credentials,
    runningOperationId,
  }: OfferContext,
): string | undefined {
  const permission = permissions[action];
  if (!permission.granted) {
    return `You need the permission ${permission.name} on this entity.`;
  }
  if (state.id === 'no-cmk') {
    return 'The registry has no customer-managed key, and cannot get one after its creation.';
  }
  if (!binding.proven) return binding.sentence;
  const needed: ('rotate' | 'revoke')[] = {
    rotate: ['rotate' as const],
    revoke: ['revoke' as const],
    restore: ['revoke' as const, 'rotate' as const],
  }[action];
  const missing = needed.find(name => !credentials[name]);
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
  return undefined;
}
