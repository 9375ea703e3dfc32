import Chip from '@material-ui/core/Chip';
import Skeleton from '@material-ui/lab/Skeleton';
import type { RevokeMethod } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { servicesDoubt } from '../AffectedRegistries/OtherServices';
import { duration } from '../shared/relativeTime';
import { checkStyles, Status } from '../shared/statusStyles';
import { RadioChoice } from '../shared/RadioChoice';
import { SelectField } from '../shared/SelectField';
import { useLocale } from '../shared/Time';
import type { QuestionProps } from './question';

/** Choice of the revoke method, in the order of the backend: reversible methods first. */
export function RevokeMethodChoice(props: QuestionProps) {
  const { answers, methods, disabled, onAnswers, registry } = props;
  const t = useTexts();
  const doubt = servicesDoubt(t, registry.servicesLookedAt);
  if (!methods) return <Skeleton variant="rect" height={180} />;
  const chosen =
    answers.method ?? methods.find(offered => offered.chosen)?.method;
  return (
    <RadioChoice
      question={t('method.question')}
      value={chosen}
      disabled={disabled}
      onChange={method => onAnswers({ method })}
      options={methods.map(offered => ({
        value: offered.method,
        title: t(`method.${offered.method}`),
        disabled: !offered.available,
        badge: offered.available ? (
          offered.recommended && (
            <Chip size="small" label={t('method.recommended')} />
          )
        ) : (
          <Chip
            size="small"
            variant="outlined"
            label={t('method.notAvailable')}
          />
        ),
        detail: offered.available ? (
          <>
            {/* The plan says what the chosen one takes; of the others, this is enough to choose. */}
            {offered.method === chosen && (
              <div>
                {t('plan.inverse')}: {offered.reversible}
              </div>
            )}
            <OthersHit of={offered} />
            {doubt && <div>{doubt}</div>}
          </>
        ) : (
          offered.message
        ),
      }))}
    />
  );
}

/** Number of others that a method takes the key from. */
function OthersHit({ of }: { of: RevokeMethod }) {
  const t = useTexts();
  const counts = (['alsoAffects', 'services'] as const).filter(
    which => of[which] > 0,
  );
  if (counts.length === 0) return <div>{t('method.affectsNoOther')}</div>;
  return counts.map(which => (
    <div key={which}>
      <Status statusStyle={checkStyles.warn}>
        {t(`method.${which}`, { count: of[which] })}
      </Status>
    </div>
  ));
}

const HOUR = 60;
/** Lengths of the timer that are offered, in minutes. The API takes any from 5 to 10080. */
const LENGTHS = [15, HOUR, 4 * HOUR, 24 * HOUR, 7 * 24 * HOUR];

/** Choice of the time after which access is restored automatically, unless it is kept revoked. */
export function TimerChoice({ answers, disabled, onAnswers }: QuestionProps) {
  const t = useTexts();
  const locale = useLocale();
  const chosen = answers.restoreAfterMinutes;
  const lengths =
    chosen && !LENGTHS.includes(chosen)
      ? [...LENGTHS, chosen].sort((a, b) => a - b)
      : LENGTHS;
  return (
    <SelectField
      label={t('timer.label')}
      help={t('timer.help')}
      value={String(chosen ?? '')}
      disabled={disabled}
      onChange={minutes =>
        onAnswers({
          restoreAfterMinutes: minutes ? Number(minutes) : undefined,
        })
      }
      options={[
        { value: '', text: t('timer.never') },
        ...lengths.map(minutes => ({
          value: String(minutes),
          text: t('rotation.expiry.after', {
            time: duration(minutes * 60, locale),
          }),
        })),
      ]}
    />
  );
}
