import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { useEffect } from 'react';
import { PlanPart } from '../components/ActionDialog/PlanPart';
import { Note } from '../components/shared/Note';
import {
  checkStyles,
  operationStyles,
  severityStyles,
} from '../components/shared/statusStyles';
import { dataOf, isRefreshing } from '../hooks/loaded';
import { usePlan } from '../hooks/usePlan';
import { useTexts } from '../translations/ref';
import { checkedField, type ControlProps } from './checkedField';
import { judgePlan, needsSecondPerson, verdictOnPlan } from './judgePlan';
import { type PlanOptions, planRequestOf, sparesOthers } from './planRequest';
import { Stack } from '../components/shared/Stack';

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
  const t = useTexts();
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
    <Stack component="section" gap={2} aria-label={title ?? t('fields.plan')}>
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
    </Stack>
  );
}
