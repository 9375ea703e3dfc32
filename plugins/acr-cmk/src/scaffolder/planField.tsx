import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { useEffect } from 'react';
import { PlanPart } from '../components/ActionDialog/PlanPart';
import { Note } from '../components/shared/Note';
import { duration } from '../components/shared/relativeTime';
import {
  checkStyles,
  operationStyles,
  severityStyles,
} from '../components/shared/statusStyles';
import { useLocale } from '../components/shared/Time';
import { dataOf, isRefreshing } from '../hooks/loaded';
import { usePlan } from '../hooks/usePlan';
import { useTexts } from '../translations/ref';
import { checkedField, type ControlProps } from './checkedField';
import { judgePlan, needsSecondPerson, verdictOnPlan } from './judgePlan';
import { type PlanOptions, planRequestOf, sparesOthers } from './planRequest';
import { namedStyles, stack } from '../components/shared/styles';

const useStyles = namedStyles('PlanField', theme => ({
  root: stack(theme, 2),
}));

/**
 * Preview of the answers so far, before anything happens. Its value is the summary of a plan that may be
 * carried out, and empty while there is none.
 */
export const planField = checkedField<string, PlanOptions>({
  name: 'AcrCmkPlan',
  Control: PlanControl,
  judgesMissing: true,
  judge: judgePlan,
});

function PlanControl(props: ControlProps<string, PlanOptions>) {
  const { title, description, form, options, onChange } = props;
  const classes = useStyles();
  const t = useTexts();
  const locale = useLocale();
  const request = planRequestOf(form, options);
  const { plan, again } = usePlan(request, true);
  const shown = request && !isRefreshing(plan) ? dataOf(plan) : undefined;
  const verdict =
    shown && verdictOnPlan(shown, { t, spares: sparesOthers(form, options) });
  const value = verdict?.status === 'fine' ? verdict.text : '';
  useEffect(() => {
    if (props.value !== value) onChange(value);
  }, [props.value, value, onChange]);
  return (
    <section aria-label={title ?? t('fields.plan')} className={classes.root}>
      <div>
        <Typography variant="h6" component="h3">
          {title ?? t('fields.plan')}
        </Typography>
        {description && (
          <Typography variant="body2" color="textSecondary">
            {description}
          </Typography>
        )}
      </div>
      {request ? (
        <PlanPart plan={plan} readOnly />
      ) : (
        <Typography variant="body2" role="status">
          {t('fields.planIncomplete')}
        </Typography>
      )}
      {shown && needsSecondPerson(shown) && (
        <Note statusStyle={operationStyles['awaiting-approval']}>
          {t('fields.planSecondPerson')}
        </Note>
      )}
      {shown && options.intent === 'create-registry' && (
        <Note statusStyle={severityStyles.info}>{t('fields.planCost')}</Note>
      )}
      {shown && shown.waitingSeconds > 0 && (
        <Note statusStyle={operationStyles.waiting}>
          {t('plan.waits', { time: duration(shown.waitingSeconds, locale) })}
        </Note>
      )}
      {verdict?.status === 'wrong' && (
        <>
          {/* The plan itself shows its failed checks. */}
          {!shown?.blocked && (
            <Note statusStyle={checkStyles.fail} role="alert">
              {verdict.text}
            </Note>
          )}
          <div>
            <Button size="small" variant="outlined" onClick={again}>
              {t('plan.again')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
