import type { EncryptionFields } from 'backstage-plugin-acr-cmk-common';
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

/**
 * Effect of a plan on one registry that it affects, as the rest of a sentence that begins with its name.
 *
 * @param isSelf - the plan is about this registry
 */
export function outcomeOf(
  registry: Registry,
  plan: Plan,
  isSelf: boolean,
): string {
  const id = registry.registryId.key;
  if (registriesLosingKey(plan.effects).has(id)) {
    return 'loses its key; every pull and push is refused until it is restored';
  }
  const changes = isSelf ? changeOf(plan) : undefined;
  if (changes) return changes;
  if (registriesRegainingKey(plan.effects).has(id)) {
    return isSelf && restoresInPart(plan)
      ? 'gets back what this revoke took, and may still lack its key'
      : 'gets its key back';
  }
  return byChangeOfKey(registry, plan);
}

/** Change of the encryption settings, in words. */
function changeOf({ before, after }: Plan): string | undefined {
  const follows = after.keyRotationEnabled;
  if (before.versionedKeyIdentifier !== after.versionedKeyIdentifier) {
    return `moves to ${versionIn(after)} and ${
      follows ? 'follows new versions' : 'stays on it'
    }`;
  }
  if (before.keyRotationEnabled !== follows) {
    return follows
      ? 'follows new versions from now on'
      : `stays on ${versionIn(after)} from now on`;
  }
  return before.identity === after.identity
    ? undefined
    : 'reaches its key with another identity';
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
): string {
  const changes = effects.flatMap((effect: Effect) =>
    effect.kind === 'key-changed' && effect.key === key?.keyOfKey
      ? [effect.change]
      : [],
  );
  const isPinned = key?.version !== undefined;
  const version = keyInUse?.version ?? key?.version;
  const stays = `nothing changes, it stays on ${
    version ? shortVersion(version) : 'its version'
  }`;
  if (changes.includes('version-made')) {
    return isPinned
      ? stays
      : 'follows to the new version by itself, within about an hour';
  }
  if (changes.includes('rotation-policy-set')) {
    const isOn = steps.some(
      step => step.kind === 'set-rotation-policy' && rotates(step.policy),
    );
    if (isPinned) {
      return isOn ? `${stays} while the key rotates by its policy` : stays;
    }
    return isOn
      ? 'follows each new version that the policy makes, within about an hour'
      : 'gets no new versions by a policy any more';
  }
  return isPinned ? stays : 'nothing changes';
}
