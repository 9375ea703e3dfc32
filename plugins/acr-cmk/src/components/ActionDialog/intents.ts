import {
  assertNever,
  type ActionId,
  type Intent,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';

/** How an automatic registry comes to a new version. */
export type Follow = 'nudge' | 'wait';

/** What the form holds before a plan is asked for. */
export interface Answers {
  follow: Follow;
}

export const FIRST_ANSWERS: Answers = { follow: 'nudge' };

/** What the form asks: only what makes a difference to this registry. */
export function questionsOf(
  action: ActionId,
  registry: Pick<RegistryEncryption, 'versionMode'>,
): (keyof Answers)[] {
  return action === 'rotate' && registry.versionMode === 'automatic'
    ? ['follow']
    : [];
}

/** The intent that is sent for what was asked and answered. */
export function intentOf(
  action: ActionId,
  registry: Pick<RegistryEncryption, 'versionMode'>,
  answers: Answers,
): Intent {
  switch (action) {
    case 'rotate':
      return questionsOf(action, registry).includes('follow')
        ? { kind: 'rotate', follow: answers.follow }
        : { kind: 'rotate' };
    case 'revoke':
      return { kind: 'revoke' };
    case 'restore':
      return { kind: 'restore' };
    default:
      return assertNever(action);
  }
}
