import Chip from '@material-ui/core/Chip';
import { useTexts } from '../../translations/ref';
import { RadioChoice } from '../shared/RadioChoice';
import { ROTATE_METHODS } from './intents';
import { answerTo, type QuestionProps } from './question';

/** Choice of the change that a rotate makes. */
export function RotateMethodChoice(props: QuestionProps) {
  const t = useTexts();
  const choice = answerTo(props, 'rotateMethod');
  return (
    <RadioChoice
      {...choice}
      question={t('rotate.question')}
      options={ROTATE_METHODS.map(method => ({
        value: method,
        title: t(`rotate.${method}.title`),
        // Only for the selected one: five would fill the dialog.
        detail: method === choice.value && t(`rotate.${method}.detail`),
      }))}
    />
  );
}

/** Time when a registry with automatic rotation switches to the new version. */
export function FollowChoice(props: QuestionProps) {
  const t = useTexts();
  return (
    <RadioChoice
      {...answerTo(props, 'follow')}
      question={t('follow.question')}
      options={(['now', 'wait'] as const).map(value => ({
        value,
        title: t(`follow.${value}`),
      }))}
    />
  );
}

/** Use new versions, or stay on the current one. */
export function ModeChoice(props: QuestionProps) {
  const t = useTexts();
  return (
    <RadioChoice
      {...answerTo(props, 'mode')}
      question={t('key.mode')}
      options={(['automatic', 'manual'] as const).map(mode => ({
        value: mode,
        title: t(`modeChoice.${mode}`),
        badge: mode === props.registry.versionMode && (
          <Chip size="small" label={t('modeChoice.asNow')} />
        ),
      }))}
    />
  );
}
