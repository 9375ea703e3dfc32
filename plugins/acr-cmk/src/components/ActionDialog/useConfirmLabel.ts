import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  ActionId,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { rotateLabelOf, type Answers } from './intents';

/** Label of the button that accepts the plan. */
export function useConfirmLabel(
  action: ActionId,
  registry: RegistryEncryption,
  answers: Answers,
): string {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  switch (action) {
    case 'rotate':
      return t(`rotate.${rotateLabelOf(registry, answers)}.confirm`);
    case 'automatic-rotation':
      return t(`rotation.${answers.rotation}.confirm`);
    default:
      return t(`actions.${action}.confirm`);
  }
}
