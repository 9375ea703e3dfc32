import {
  type Consumer,
  type Plan,
  servicesInWords,
} from 'backstage-plugin-acr-cmk-common';

/** A plan for the task's log: what would happen, whom it would affect, and how to undo it. */
export function describePlan(plan: Plan): string[] {
  const others = plan.consumers.filter(({ self }) => !self);
  return [
    `Plan ${plan.id} for ${plan.registryName}: ${plan.summary}`,
    ...plan.steps.map(
      (step, index) =>
        `  ${index + 1}. ${step.title}${
          step.writes ? '' : ' (writes nothing)'
        }`,
    ),
    ...plan.checks
      .filter(({ status }) => status !== 'pass')
      .map(({ status, message, remedy }) =>
        [`  ${status}: ${message}`, remedy].filter(Boolean).join(' '),
      ),
    ...others.map(
      consumer =>
        `  ${
          consumer.effect === 'loses-key'
            ? 'loses its key too'
            : 'also affected'
        }: ${consumerInWords(consumer)}`,
    ),
    ...servicesInWords(plan.services).map(
      name => `  uses the key too: ${name}`,
    ),
    `  undo: ${plan.inverse.message}`,
    ...(plan.approval.required
      ? [`  ${plan.approval.message ?? 'A second person has to approve it.'}`]
      : []),
    ...(plan.waitingSeconds > 0
      ? [`  begins ${plan.waitingSeconds} seconds after it is accepted`]
      : []),
    `  hash: ${plan.hash}`,
  ];
}

/** A registry with the entities behind it, as far as they may be seen. */
export function consumerInWords({
  registryName,
  entities,
  hiddenEntities,
}: Consumer): string {
  return `${registryName}${ofEntities(
    entities.map(({ entityRef }) => entityRef),
    hiddenEntities,
  )}`;
}

function ofEntities(visible: string[], hidden: number): string {
  const all = hidden > 0 ? [...visible, `${hidden} you may not see`] : visible;
  return all.length > 0 ? ` (${all.join(', ')})` : '';
}
