import { createHash } from 'node:crypto';
import type { FieldChange, Intent } from 'backstage-plugin-acr-cmk-common';
import { canonicalJson } from '../canonicalJson';
import { NO_OTHER_OPERATION } from './checks';
import type { PlanDraft } from './draft';
import { SERVICES_FOLLOW } from './otherServices';

/** Fields of a plan that are compared when it is made again, by name. */
export function planFingerprint(
  intent: Intent,
  draft: PlanDraft,
): Record<string, string> {
  return {
    intent: canonicalJson(intent),
    ...Object.fromEntries(
      Object.entries(draft.before).map(([field, value]) => [
        `before.${field}`,
        String(value),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(draft.after).map(([field, value]) => [
        `after.${field}`,
        String(value),
      ]),
    ),
    ...Object.fromEntries(
      draft.checks
        // A revoke that met another operation is no other one when that has ended. Its locks decide.
        .filter(
          ({ id }) => intent.kind !== 'revoke' || id !== NO_OTHER_OPERATION,
        )
        .map(({ id, status }) => [
          `check ${id}`,
          // A reading that fails meanwhile is no reason to keep new versions from a registry.
          id === SERVICES_FOLLOW && status === 'unknown' ? 'pass' : status,
        ]),
    ),
    steps: canonicalJson(draft.steps),
    effects: canonicalJson(draft.effects),
    inverse: canonicalJson(draft.inverse.steps),
    'registries affected': draft.affected
      .map(registry => registry.id.toLowerCase())
      .sort()
      .join(', '),
  };
}

/** Fields in which two fingerprints differ. */
export function differences(
  shown: Record<string, string>,
  now: Record<string, string>,
): FieldChange[] {
  const fields = [...new Set([...Object.keys(shown), ...Object.keys(now)])];
  return fields
    .filter(field => shown[field] !== now[field])
    .map(field => ({
      field,
      shown: shown[field] ?? 'not there',
      now: now[field] ?? 'not there',
    }));
}

/** Longest values, together, that a message shows beside the name of their field. Characters. */
const MAX_SHOWN = 120;

/** Names of the fields, with their values where these are short. */
export function fieldChangesInWords(changes: readonly FieldChange[]): string {
  return changes
    .map(({ field, shown, now }) =>
      shown.length + now.length <= MAX_SHOWN
        ? `${field} (${shown} → ${now})`
        : field,
    )
    .join(', ');
}

/** SHA-256, in hex, over the fingerprint and the ids of a plan. */
export function planHash(
  of: { planId: string; entityRef: string; registryId: string },
  fingerprint: Record<string, string>,
): string {
  return createHash('sha256')
    .update(canonicalJson({ ...of, fingerprint }))
    .digest('hex');
}
