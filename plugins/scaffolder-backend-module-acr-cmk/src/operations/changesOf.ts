import {
  assertNever,
  type Operation,
  type OperationStep,
  utcTime,
} from 'backstage-plugin-acr-cmk-common';

/** Changes of an operation since the last look, one line each. */
export function changesOf(
  before: Operation | undefined,
  now: Operation,
): string[] {
  const lines: string[] = [];
  const hasChanged = (key: (operation: Operation) => string | undefined) =>
    !before || key(before) !== key(now);
  if (
    now.approval?.state === 'approved' &&
    hasChanged(({ approval }) => approval?.state)
  ) {
    lines.push(`Approved by ${now.approval.by ?? 'a second person'}`);
  }
  now.steps.forEach((step, index) => {
    if (step.state !== (before?.steps[index]?.state ?? 'pending')) {
      lines.push(...stepLines(step, now.steps.length));
    }
  });
  if (
    hasChanged(({ state }) => state) ||
    hasChanged(({ waiting }) => waiting?.message)
  ) {
    lines.push(...stateLines(now));
  }
  return lines;
}

function stepLines(step: OperationStep, count: number): string[] {
  const name = `Step ${step.index + 1} of ${count}, ${step.title}`;
  switch (step.state) {
    case 'pending':
    case 'running':
    case 'waiting':
      return [`${name}: ${step.state}`];
    case 'unchanged':
      return [`${name}: no change needed`];
    case 'failed':
      return [`${name}: failed. ${step.message ?? ''}`.trim()];
    case 'done':
      return [
        `${name}: done`,
        ...(step.evidence ?? []).map(
          ({ what, before, after }) =>
            `  ${what}: ${
              before === after ? `still ${after}` : `${before} → ${after}`
            }`,
        ),
      ];
    default:
      return assertNever(step.state);
  }
}

/** A registry that is not there yet has no tab. */
const placeToApprove = ({ intent }: Operation) =>
  intent.kind === 'create-registry'
    ? 'in the portal, under Registry keys > Waiting for you'
    : "on the registry's Encryption tab";

function stateLines(operation: Operation): string[] {
  const { state, approval, beginsAt, waiting, restoresAt } = operation;
  switch (state) {
    case 'awaiting-approval':
      return [
        `Waits for a second person, who has to approve it${
          approval?.expiresAt ? ` before ${utcTime(approval.expiresAt)}` : ''
        } ${placeToApprove(operation)}. The one who asked cannot`,
      ];
    case 'queued':
      return [
        beginsAt
          ? `Begins at ${utcTime(beginsAt)}, and can be cancelled until then`
          : 'Accepted, and about to begin',
      ];
    case 'held':
      return ['Held by its campaign'];
    case 'running':
      return ['At work'];
    case 'waiting':
      return [
        waiting
          ? `Waits: ${waiting.message} (looks again at ${utcTime(waiting.until)})`
          : 'Waits',
      ];
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'rejected':
    case 'unverified':
      return [
        `Ended: ${state}. ${operation.result?.message ?? ''}`.trim(),
        ...(state === 'succeeded' && restoresAt
          ? [
              `Restores automatically at ${utcTime(restoresAt)}, unless someone keeps it revoked`,
            ]
          : []),
      ];
    default:
      return assertNever(state);
  }
}
