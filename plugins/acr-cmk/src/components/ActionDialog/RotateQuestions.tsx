import Chip from '@material-ui/core/Chip';
import { useTexts } from '../../translations/ref';
import { RadioChoice } from '../shared/RadioChoice';
import { ROTATE_METHODS } from './intents';
import type { QuestionProps } from './question';

/** Choice of the change that a rotate makes. */
export function RotateMethodChoice({
  answers,
  disabled,
  onAnswers,
}: QuestionProps) {
  const t = useTexts();
  return (
    <RadioChoice
      question={t('rotate.question')}
      value={answers.rotateMethod}
      disabled={disabled}
      onChange={rotateMethod => onAnswers({ rotateMethod })}
      options={ROTATE_METHODS.map(method => ({
        value: method,
        title: t(`rotate.${method}.title`),
        // Only for the selected one: five would fill the dialog.
        detail: method === answers.rotateMethod && t(`rotate.${method}.detail`),
      }))}
    />
  );
}

/** Time when a registry with automatic rotation switches to the new version. */
export function FollowChoice({ answers, disabled, onAnswers }: QuestionProps) {
  const t = useTexts();
  return (
    <RadioChoice
      question={t('follow.question')}
      value={answers.follow}
      disabled={disabled}
      onChange={follow => onAnswers({ follow })}
      options={(['now', 'wait'] as const).map(follow => ({
        value: follow,
        title: t(`follow.${follow}`),
      }))}
    />
  );
}

/** Use new versions, or stay on the current one. */
export function ModeChoice(props: QuestionProps) {
  const { answers, registry, disabled, onAnswers } = props;
  const t = useTexts();
  return (
    <RadioChoice
      question={t('key.mode')}
      value={answers.mode}
      disabled={disabled}
      onChange={mode => onAnswers({ mode })}
      options={(['automatic', 'manual'] as const).map(mode => ({
        value: mode,
        title: t(`modeChoice.${mode}`),
        badge: mode === registry.versionMode && (
          <Chip size="small" label={t('modeChoice.asNow')} />
        ),
      }))}
    />
  );
}
