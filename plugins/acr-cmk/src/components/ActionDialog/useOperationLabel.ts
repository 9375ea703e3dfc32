import {
  type ActionId,
  type OperationKind,
  operationKindOf,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import type { Answers, RotateMethod } from './intents';

/** Name of a rotation that has no plan yet, by the choice in the form. */
const KIND_OF: Record<RotateMethod, OperationKind> = {
  'new-version': 'rotate',
  existing: 'change-key',
  'new-key': 'change-key',
  mode: 'change-mode',
  identity: 'change-identity',
};

/**
 * Name of the operation in the dialog's title and button, as it is called afterwards.
 *
 * @param plan - undefined while there is none yet
 */
export function useOperationLabel(
  action: ActionId,
  answers: Answers,
  plan: Plan | undefined,
): string {
  const t = useTexts();
  switch (action) {
    case 'rotate': {
      const kind = plan
        ? operationKindOf({ intent: plan.intent, plan })
        : KIND_OF[answers.rotateMethod];
      return t(`operation.kind.${kind}`);
    }
    case 'automatic-rotation':
      return t(`rotation.${answers.rotation}.confirm`);
    default:
      return t(`operation.kind.${action}`);
  }
}
