/**
 * Checks the rights of our credentials, and management locks, for the steps of a plan. Each kind of
 * step lists the rights that it needs. Names are Azure's own, so that a message about a missing
 * right can be acted upon.
 */
import {
  type Check,
  documentationUrl,
  type Fact,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { check } from './check';
import { readStep, type ReadStep, type StepSpec } from './steps';
import { entryOf, holds } from './steps/accessPolicy';
import {
  gives,
  identityRoleInWords,
  isInHsm,
  type LockFacts,
  type PermissionSet,
  type Right,
  type VaultIdOf,
} from './steps/rights';
import type { AnySpec } from './steps/step';
import { scopeInWords } from './steps/words';

export type { Right };

/** Step of a spec that this release created itself. */
function known(spec: AnySpec, read: ReadStep) {
  const step = read(spec);
  if (!step) {
    throw new Error(
      `Step ${spec.kind} (v${spec.version}) was created by another release`,
    );
  }
  return step;
}

/** Right that a step needs of its credential. */
export function rightsOf(
  spec: StepSpec,
  vaultIdOf: VaultIdOf,
  read: ReadStep = readStep,
): Right[] {
  return known(spec, read).rights(vaultIdOf);
}

/** Known facts about our own credentials. */
export interface OwnCredentialFacts {
  /** At a scope, of a credential. */
  permissions(right: Right): Fact<PermissionSet[]> | undefined;
  /** The vault of a data action. */
  vault(name: string): VaultFacts | undefined;
  /** Object id of a credential, when it is known. */
  objectId(credential: Right['credential']): string | undefined;
}

/** Checks that our credentials may do every step. Names the missing rights by action and scope. */
export function ownRights(
  rights: readonly Right[],
  standing: OwnCredentialFacts,
): Check {
  const { pass, fail, unknown } = check('own-rights');
  const missing: string[] = [];
  const actions: string[] = [];
  const undetermined: string[] = [];
  for (const right of rights) {
    const verdict = judge(right, standing);
    const words = `${right.credential}: ${verdict.lacks} at ${scopeInWords(
      right.scope,
    )}`;
    if (verdict.is === 'missing') {
      missing.push(words);
      actions.push(right.action);
    }
    if (verdict.is === 'unknown') undetermined.push(words);
  }
  if (missing.length > 0) {
    return fail(
      `This portal's own credentials lack ${[...new Set(missing)].join('; ')}.`,
      `Give the credential its role at that scope. The roles: ${documentationUrl(
        'docs/permissions.md#in-azure',
      )}.${identityRoleInWords(actions)}`,
    );
  }
  if (undetermined.length > 0) {
    return unknown(
      `Could not determine whether this portal's own credentials have ${[
        ...new Set(undetermined),
      ].join('; ')}.`,
      'Continue: Azure refuses what is not allowed, and any partial change is recorded.',
    );
  }
  return pass("This portal's own credentials may do every step.");
}

function judge(
  right: Right,
  standing: OwnCredentialFacts,
): { is: 'held' | 'missing' | 'unknown'; lacks: string } {
  if (right.data) {
    const vault = standing.vault(right.data.vaultName);
    if (vault?.permissionModel === 'access-policy') {
      const lacks = `the key permission ${right.data.permission}`;
      const objectId = standing.objectId(right.credential);
      if (!objectId) return { is: 'unknown', lacks };
      const { permission = '' } = right.data;
      const held = entryOf(vault, objectId)?.keys ?? [];
      return {
        is:
          holds(held, 'all') || holds(held, permission)
            ? 'held'
            : // A group of the credential may hold it, which the vault does not show.
              'unknown',
        lacks,
      };
    }
  }
  const permissions = standing.permissions(right);
  if (!permissions?.known) return { is: 'unknown', lacks: right.action };
  if (gives(permissions.value, right)) {
    return { is: 'held', lacks: right.action };
  }
  // A Managed HSM does not show what a group of the credential may do.
  const is = isInHsm(right) ? 'unknown' : 'missing';
  return { is, lacks: right.action };
}

/** Scopes whose locks have to be read for these steps. */
export function scopesWithLocks(
  specs: readonly StepSpec[],
  read: ReadStep = readStep,
): string[] {
  const scopes = specs.flatMap(spec => {
    const { lockedScope } = known(spec, read);
    return lockedScope ? [lockedScope.scope] : [];
  });
  return [...new Set(scopes)];
}

/** Checks that no management lock stops a step. */
export function noLocks(
  specs: readonly StepSpec[],
  locksAt: (scope: string) => Fact<LockFacts[]> | undefined,
  read: ReadStep = readStep,
): Check {
  const { pass, fail, unknown } = check('locks');
  const undetermined: string[] = [];
  for (const spec of specs) {
    const locked = known(spec, read).lockedScope;
    if (!locked) continue;
    const locks = locksAt(locked.scope);
    if (!locks?.known) {
      undetermined.push(scopeInWords(locked.scope));
      continue;
    }
    const stopping = locks.value.find(
      ({ level }) => level === 'ReadOnly' || locked.deletes,
    );
    if (stopping) {
      return fail(
        `The lock ${stopping.name} (${
          stopping.level
        }) at ${scopeInWords(stopping.scope)} stops the step at ${scopeInWords(
          locked.scope,
        )}.`,
        'Ask the owner of the lock to remove it, or choose a method that it does not stop. This portal never changes locks.',
      );
    }
  }
  return undetermined.length > 0
    ? unknown(
        `Could not determine whether a management lock holds at ${[
          ...new Set(undetermined),
        ].join(', ')}.`,
        'Give the read credential Microsoft.Authorization/locks/read. A lock makes Azure refuse the step, before anything is changed by it.',
      )
    : pass('No management lock stops a step.');
}
