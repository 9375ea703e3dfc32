import { useCampaignTexts } from '../../translations/campaign';
import { RotationPolicyFields } from '../ActionDialog/AutomaticRotationQuestions';
import { GrantAccess, IdentityChoice } from '../ActionDialog/IdentityQuestions';
import { RadioChoice } from '../shared/RadioChoice';
import { INTENT_KINDS, NO_KEY, type IntentAnswers } from './intentAnswers';

/** The change, and what it needs to know. */
export function IntentForm(props: {
  answers: IntentAnswers;
  disabled: boolean;
  onAnswers(answers: IntentAnswers): void;
}) {
  const { answers, disabled } = props;
  const t = useCampaignTexts();
  const change = (changed: Partial<IntentAnswers>) =>
    props.onAnswers({ ...answers, ...changed });
  const questions = { answers, disabled, onAnswers: change };
  return (
    <>
      <RadioChoice
        question={t('intent.question')}
        value={answers.kind}
        disabled={disabled}
        onChange={kind => change({ kind })}
        options={INTENT_KINDS.map(kind => ({
          value: kind,
          title: t(`intent.${kind}.title`),
          detail: t(`intent.${kind}.detail`),
        }))}
      />
      {answers.kind === 'automatic-rotation' && (
        <RotationPolicyFields {...questions} registry={NO_KEY} />
      )}
      {answers.kind === 'identity' && (
        <>
          <IdentityChoice {...questions} />
          <GrantAccess {...questions} />
        </>
      )}
    </>
  );
}
