import type { FieldChange } from 'backstage-plugin-acr-cmk-common';
import { effectsOf } from '../cmk/effects';
import {
  changesSinceOlderFormat,
  differences,
  isOlderFormat,
  type MadePlan,
} from '../cmk/plan';
import type { Requirement } from './authoritiesOf';
import type { Authority } from './PermissionChecker';

/** What is different from the plan that people agreed to. */
export function changesSince(
  agreed: Record<string, string>,
  fingerprint: Record<string, string>,
  {
    made,
    requirements,
    own,
    entityRef,
  }: {
    made: MadePlan;
    requirements: readonly Requirement[];
    own: Authority;
    /** Of the plan. Others are not named: whoever reads it may not see them. */
    entityRef: string;
  },
): FieldChange[] {
  const isOwn = (one: Authority) =>
    one.permission.name === own.permission.name &&
    one.entityRef === own.entityRef;
  const changes = isOlderFormat(agreed)
    ? changesSinceOlderFormat(agreed, fingerprint, {
        effects: effectsOf(JSON.parse(agreed.steps ?? '[]'), {
          registries: made.facts.registries,
        }),
        // The first release asked for the intent's permission on the entity, and for nothing else.
        authorities: requirements.every(isOwn)
          ? fingerprint.authorities
          : inOneText([own]),
      })
    : differences(agreed, fingerprint);
  return changes.map(change =>
    change.field === 'authorities'
      ? {
          ...change,
          shown: withoutOthers(change.shown, entityRef),
          now: withoutOthers(change.now, entityRef),
        }
      : change,
  );
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
