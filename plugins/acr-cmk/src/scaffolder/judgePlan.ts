import { type Plan, servicesAtRisk } from 'backstage-plugin-acr-cmk-common';
import { explainPermissions } from '../components/shared/permissions';
import type { Texts } from './form';
import { type PlanOptions, planRequestOf, sparesOthers } from './planRequest';
import { fine, wrong, type Judge, type Verdict } from './verdict';

/** True where a person could do alone what a program may only request: a program cannot type the name. */
export const needsSecondPerson = ({ confirmation, approval }: Plan) =>
  confirmation.typedName !== null && !approval.required;

/** Text of the page before Create: the summary, and the approval that is needed. */
function summaryOf(plan: Plan, t: Texts): string {
  const { summary, approval } = plan;
  const needed = needsSecondPerson(plan)
    ? t('fields.planSecondPerson')
    : approval.message;
  return needed ? `${summary} ${explainPermissions(t, needed)}` : summary;
}

/** Verdict on whether the template may continue with this plan. */
export function verdictOnPlan(
  plan: Plan,
  { t, spares }: { t: Texts; spares: boolean },
): Verdict {
  if (plan.blocked) {
    const why = plan.checks
      .filter(({ status }) => status === 'fail')
      .map(({ message }) => message)
      .join(' ');
    return wrong(t('fields.planBlocked', { why }));
  }
  const alsoAffects = plan.methods?.find(({ chosen }) => chosen)?.alsoAffects;
  const services = servicesAtRisk(plan);
  if (spares && alsoAffects) {
    return wrong(t('fields.planOthers', { count: alsoAffects }));
  }
  return spares && services.length > 0
    ? wrong(t('fields.planServices', { names: services.join(', ') }))
    : fine(summaryOf(plan, t));
}

/**
 * The form holds the summary of the plan that was shown, and nothing while none was that may be carried
 * out: then the plan is made again, to say why.
 */
export const judgePlan: Judge<string, PlanOptions> = async (
  shown,
  { api, t, form, options },
) => {
  if (shown) return fine(shown);
  const request = planRequestOf(form, options);
  if (!request) return { status: 'waits', text: t('fields.planIncomplete') };
  const plan = await api.plan(request);
  const verdict = verdictOnPlan(plan, {
    t,
    spares: sparesOthers(form, options),
  });
  return verdict.status === 'fine'
    ? { status: 'waits', text: t('fields.planNotShown') }
    : verdict;
};
