import { useTexts } from '../../translations/ref';
import { policyDuration } from '../shared/policyDuration';
import { RadioChoice } from '../shared/RadioChoice';
import { SelectField } from '../shared/SelectField';
import { namedStyles } from '../shared/styles';
import { Stack } from '../shared/Stack';
import { TextInput } from '../shared/TextInput';
import { useLocale } from '../shared/Time';
import { answerTo, type QuestionProps } from './question';
import {
  daysInHsm,
  EXPIRIES,
  isInHsm,
  NOTICES,
  rotationProblem,
  type RotationAnswers,
  type WithKey,
} from './rotationAnswers';

const useStyles = namedStyles('AutomaticRotationQuestions', theme => ({
  when: {
    display: 'grid',
    gap: theme.spacing(2),
    gridTemplateColumns: '7em minmax(0, 1fr)',
  },
}));

/** Choice whether the vault rotates the key. Shown only where there is something to turn off. */
export function RotationChoice(props: QuestionProps) {
  const t = useTexts();
  return (
    <RadioChoice
      {...answerTo(props, 'rotation')}
      question={t('rotation.question')}
      options={(['on', 'off', 'as-before'] as const).map(kind => ({
        value: kind,
        title: t(`rotation.${kind}.title`),
        detail: kind === props.answers.rotation && t(`rotation.${kind}.detail`),
      }))}
    />
  );
}

/** Interval of the rotation, and validity of the versions. */
export function RotationPolicyFields(props: {
  answers: RotationAnswers;
  /** Without its key, the limits of a vault hold. */
  registry: WithKey;
  disabled: boolean;
  onAnswers(answers: Partial<RotationAnswers>): void;
}) {
  const { answers, registry, disabled, onAnswers } = props;
  const classes = useStyles();
  const t = useTexts();
  const problem = rotationProblem(answers, registry);
  const expiries = useDurations(EXPIRIES, answers.expiryTime);
  const notices = useDurations(NOTICES, answers.notifyBeforeExpiry);
  return (
    <Stack gap={2}>
      <div className={classes.when}>
        <TextInput
          {...answerTo(props, 'days')}
          label={t('rotation.days')}
          error={problem === 'days' || problem === 'daysInHsm'}
          helperText={
            problem === 'days' || problem === 'daysInHsm'
              ? t(`rotation.problem.${problem}`)
              : ''
          }
          inputProps={{ inputMode: 'numeric' }}
        />
        <SelectField
          label={t('rotation.trigger.label')}
          value={answers.trigger}
          disabled={disabled}
          onChange={trigger =>
            onAnswers({
              trigger,
              // Without an expiry there is nothing to count back from.
              ...(trigger === 'timeBeforeExpiry' &&
                !answers.expiryTime && { expiryTime: 'P2Y', days: '30' }),
            })
          }
          options={(['timeAfterCreate', 'timeBeforeExpiry'] as const).map(
            value => ({ value, text: t(`rotation.trigger.${value}`) }),
          )}
        />
      </div>
      <SelectField
        label={t('rotation.expiry.label')}
        value={answers.expiryTime}
        disabled={disabled}
        help={
          problem === 'expiryNeeded' ||
          problem === 'expiryTooSoon' ||
          problem === 'tooOftenInHsm'
            ? t(`rotation.problem.${problem}`)
            : t('rotation.expiry.help')
        }
        onChange={expiryTime =>
          onAnswers({
            expiryTime,
            ...(expiryTime &&
              !answers.notifyBeforeExpiry && { notifyBeforeExpiry: 'P30D' }),
          })
        }
        options={[
          { value: '', text: t('rotation.expiry.never') },
          ...expiries.map(({ value, text }) => ({
            value,
            text: t('rotation.expiry.after', { time: text }),
          })),
        ]}
      />
      {answers.expiryTime && !isInHsm(registry) && (
        <SelectField
          {...answerTo(props, 'notifyBeforeExpiry')}
          label={t('rotation.notice.label')}
          help={t('rotation.notice.help')}
          options={[
            { value: '', text: t('rotation.notice.none') },
            ...notices.map(({ value, text }) => ({
              value,
              text: t('rotation.notice.before', { time: text }),
            })),
          ]}
        />
      )}
    </Stack>
  );
}

/** Policy that a Managed HSM demands before it rotates a key. */
export function FirstPolicyField(props: QuestionProps) {
  const t = useTexts();
  const isWrong = daysInHsm(props.answers.firstPolicyDays) === undefined;
  return (
    <TextInput
      {...answerTo(props, 'firstPolicyDays')}
      label={t('firstPolicy.days')}
      error={isWrong}
      helperText={t(
        isWrong ? 'rotation.problem.daysInHsm' : 'firstPolicy.help',
      )}
      inputProps={{ inputMode: 'numeric' }}
    />
  );
}

/** Options for durations: those offered, and the one already chosen. */
function useDurations(offered: readonly string[], chosen: string) {
  const locale = useLocale();
  const values =
    chosen && !offered.includes(chosen) ? [...offered, chosen] : offered;
  return values.map(value => ({ value, text: policyDuration(value, locale) }));
}
