import type {
  EncryptionFields,
  PlanEffect,
} from 'backstage-plugin-acr-cmk-common';
import { rotates } from '../steps/rotationPolicy';
import {
  type Effect,
  registriesLosingKey,
  registriesRegainingKey,
} from '../effects';
import { shortVersion } from '../encryptedRegistry';
import type { Registry } from '../registry';
import type { PlanDraft } from './draft';
import { restoresInPart } from './restore';

type Plan = Pick<
  PlanDraft,
  'before' | 'after' | 'checks' | 'effects' | 'steps'
>;

/** Effect of a plan on a registry, and as the rest of a sentence that begins with its name. */
interface Outcome {
  effect: PlanEffect;
  outcome: string;
}

const moves = (outcome: string): Outcome => ({ effect: 'moves', outcome });
const stays = (outcome: string): Outcome => ({ effect: 'stays', outcome });

/**
 * Effect of a plan on one registry that it affects.
 *
 * @param isSelf - the plan is about this registry
 */
export function outcomeOf(
  registry: Registry,
  plan: Plan,
  isSelf: boolean,
): Outcome {
  const id = registry.registryId.key;
  if (registriesLosingKey(plan.effects).has(id)) {
    return {
      effect: 'loses-key',
      outcome:
        'loses its key; every pull and push is refused until it is restored',
    };
  }
  const changes = isSelf ? changeOf(plan) : undefined;
  if (changes) return changes;
  if (registriesRegainingKey(plan.effects).has(id)) {
    return isSelf && restoresInPart(plan)
      ? {
          effect: 'not-known',
          outcome:
            'gets back what this revoke took, and may still lack its key',
        }
      : { effect: 'gets-key-back', outcome: 'gets its key back' };
  }
  return byChangeOfKey(registry, plan);
}

/** Change of the encryption settings, in words. */
function changeOf({ before, after }: Plan): Outcome | undefined {
  const follows = after.keyRotationEnabled;
  if (before.versionedKeyIdentifier !== after.versionedKeyIdentifier) {
    return moves(
      `moves to ${versionIn(after)} and ${
        follows ? 'follows new versions' : 'stays on it'
      }`,
    );
  }
  if (before.keyRotationEnabled !== follows) {
    return follows
      ? moves('follows new versions from now on')
      : stays(`stays on ${versionIn(after)} from now on`);
  }
  return before.identity === after.identity
    ? undefined
    : moves('reaches its key with another identity');
}

function versionIn({ versionedKeyIdentifier: uri }: EncryptionFields): string {
  const version = uri?.slice(uri.lastIndexOf('/') + 1) ?? '';
  return /^[0-9a-f]{32}$/i.test(version)
    ? `version ${shortVersion(version)}`
    : 'the new version';
}

/** Effect on a registry that only uses a key which the plan changes. */
function byChangeOfKey(
  { key, keyInUse }: Registry,
  { effects, steps }: Plan,
): Outcome {
  const changes = effects.flatMap((effect: Effect) =>
    effect.kind === 'key-changed' && effect.key === key?.keyOfKey
      ? [effect.change]
      : [],
  );
  const isPinned = key?.version !== undefined;
  const version = keyInUse?.version ?? key?.version;
  const unchanged = `stays on ${
    version ? shortVersion(version) : 'its version'
  }`;
  if (changes.includes('version-made')) {
    return isPinned
      ? stays(unchanged)
      : moves('follows by itself within about an hour');
  }
  if (changes.includes('rotation-policy-set')) {
    const isOn = steps.some(
      step => step.kind === 'set-rotation-policy' && rotates(step.policy),
    );
    if (isPinned) {
      return stays(
        isOn ? `${unchanged} while the key rotates by its policy` : unchanged,
      );
    }
    return isOn
      ? moves(
          'follows each new version that the policy makes, within about an hour',
        )
      : stays('gets no new versions by a policy any more');
  }
  return stays(isPinned ? unchanged : 'nothing changes');
}
