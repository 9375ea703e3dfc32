import type { FieldChange } from 'backstage-plugin-acr-cmk-common';
import { differences } from '../../domain/plan/fingerprint';
import type { Authority } from './PermissionChecker';

/** Fields that hold JSON, which may name registries that the reader may not see. */
const OPAQUE = new Set(['intent', 'steps', 'effects', 'inverse']);

/** Differences from the plan that people agreed to. */
export function changesSince(
  agreed: Record<string, string>,
  fingerprint: Record<string, string>,
  /** Entity of the plan. Others are not named: the reader may not see them. */
  entityRef: string,
): FieldChange[] {
  return differences(agreed, fingerprint).map(change => {
    if (OPAQUE.has(change.field)) {
      return { ...change, shown: 'as agreed', now: 'different' };
    }
    return change.field === 'authorities'
      ? {
          ...change,
          shown: withoutOthers(change.shown, entityRef),
          now: withoutOthers(change.now, entityRef),
        }
      : change;
  });
}

function withoutOthers(authorities: string, own: string): string {
  return authorities
    .split(', ')
    .map(authority => {
      const [permission, on] = authority.split(' on ');
      return on && on !== own.toLowerCase()
        ? `${permission} on another entity`
        : authority;
    })
    .join(', ');
}

/** Authorities as a fingerprint holds them. */
export function inOneText(requirements: readonly Authority[]): string {
  return requirements
    .map(({ permission, entityRef }) =>
      entityRef
        ? `${permission.name} on ${entityRef.toLowerCase()}`
        : permission.name,
    )
    .sort()
    .join(', ');
}
