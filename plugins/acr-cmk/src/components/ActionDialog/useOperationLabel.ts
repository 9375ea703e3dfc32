import {
  type ActionId,
  operationKindOf,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { ROTATIONS, type Answers } from './intents';

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
        : ROTATIONS[answers.rotateMethod].operation;
      return t(`operation.kind.${kind}`);
    }
    case 'automatic-rotation':
      return t(`rotation.${answers.rotation}.confirm`);
    default:
      return t(`operation.kind.${action}`);
  }
}
