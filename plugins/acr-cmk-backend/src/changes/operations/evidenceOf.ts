import type { OperationStep } from 'backstage-plugin-acr-cmk-common';
import type { StepRecord } from '../../engine/types';

/**
 * Values that a step read before and after its write. A value that was never read is shown as unread, not as
 * absent.
 */
export function evidenceOf({
  state,
  before,
  after,
}: Pick<StepRecord, 'state' | 'before' | 'after'>): NonNullable<
  OperationStep['evidence']
> {
  const unread = state === 'failed' ? 'not read' : 'not read yet';
  const value = (seen: StepRecord['before'], what: string) =>
    seen ? (seen.find(one => one.what === what)?.value ?? '—') : unread;
  const whats = new Set(
    [...(before ?? []), ...(after ?? [])].map(({ what }) => what),
  );
  return [...whats].map(what => ({
    what,
    before: value(before, what),
    after: value(after, what),
  }));
}
