import type { CampaignIntent } from 'backstage-plugin-acr-cmk-common';
import {
  rotationAnswers,
  rotationIntentOf,
  type RotationAnswers,
} from '../ActionDialog/rotationAnswers';

export const INTENT_KINDS = [
  'automatic-mode',
  'new-version',
  'automatic-rotation',
  'identity',
] as const satisfies readonly CampaignIntent['kind'][];

/** Answers about the change. Those of hidden questions are kept, but not sent. */
export interface IntentAnswers extends RotationAnswers {
  kind: CampaignIntent['kind'];
  /** Resource id, name, client id or `system`. */
  identity: string;
  grantAccess: boolean;
}

/** A key of a vault: its limits hold while the members are not known. */
export const NO_KEY = {};

export function intentAnswers(kind: CampaignIntent['kind']): IntentAnswers {
  return {
    ...rotationAnswers(NO_KEY),
    kind,
    identity: '',
    grantAccess: false,
  };
}

/** The intent for the answers; nothing while one is missing or wrong. */
export function campaignIntentOf(
  answers: IntentAnswers,
): CampaignIntent | undefined {
  const { kind, grantAccess } = answers;
  switch (kind) {
    case 'automatic-rotation': {
      const intent = rotationIntentOf({ ...answers, rotation: 'on' }, NO_KEY);
      return intent?.rotation.kind === 'on'
        ? { kind, policy: intent.rotation.policy }
        : undefined;
    }
    case 'identity': {
      const identity = answers.identity.trim();
      if (identity === '') return undefined;
      return { kind, identity, ...(grantAccess && { grantAccess }) };
    }
    default:
      return { kind };
  }
}
