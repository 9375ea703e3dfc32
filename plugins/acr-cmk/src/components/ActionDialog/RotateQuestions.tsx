import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Chip from '@material-ui/core/Chip';
import { acrCmkTranslationRef } from '../../translations/ref';
import { RadioChoice } from '../shared/RadioChoice';
import { ROTATE_WAYS } from './intents';
import type { QuestionProps } from './Questions';

/** What a rotate shall change. */
export function WayChoice({ answers, disabled, onAnswers }: QuestionProps) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <RadioChoice
      question={t('rotate.question')}
      value={answers.way}
      disabled={disabled}
      onChange={way => onAnswers({ way })}
      options={ROTATE_WAYS.map(way => ({
        value: way,
        title: t(`rotate.${way}.title`),
        // Of the chosen one alone: five would push the plan's signature out of sight.
        detail: way === answers.way && t(`rotate.${way}.detail`),
      }))}
    />
  );
}

/** How an automatic registry comes to the new version. */
export function FollowChoice({ answers, disabled, onAnswers }: QuestionProps) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
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

/** Follow new versions, or stay on the present one. */
export function ModeChoice(props: QuestionProps) {
  const { answers, registry, disabled, onAnswers } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <RadioChoice
      question={t('modeChoice.question')}
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
