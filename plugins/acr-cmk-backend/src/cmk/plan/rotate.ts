import type { RotateIntent } from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../steps';
import type { Subject } from '../subject';
import {
  accessPathExists,
  credentialConfigured,
  firewallPassable,
  hasConverged,
  identityAttached,
  infrastructureCode,
  keyUsable,
  noOtherOperation,
  othersTouched,
  purgeProtected,
  registryReady,
} from './checks';
import { usingKey } from './consumers';
import { planPointAtExisting } from './pointAtExisting';
import { encryptionFields, type PlanContext, type PlanDraft } from './draft';

/**
 * A new version of the registry's present key and the registry on it, or the registry on a key that
 * exists.
 */
export function planRotate(
  subject: Subject,
  intent: RotateIntent,
  context: PlanContext,
): PlanDraft {
  if (context.target) {
    const { key: wanted, ...facts } = context.target;
    const target: Subject = {
      ...subject,
      ...facts,
      key: wanted,
      mode: wanted.version ? 'manual' : 'automatic',
      versionInUse: wanted.version,
    };
    return planPointAtExisting(subject, target, wanted, context);
  }
  const { registry, key, mode, identity } = subject;
  const versionless = key.versionless.toString();
  const newVersion = `${versionless}/<new version>`;
  const before = encryptionFields(registry);
  const touched = usingKey(context.registries, key);
  const others = touched.filter(
    other => other.id.toLowerCase() !== registry.id.toLowerCase(),
  );
  const waits = mode === 'automatic' && intent.follow === 'wait';

  const steps: StepSpec[] = [
    { kind: 'make-key-version', version: 1, key: versionless },
    waits
      ? { kind: 'await-following', version: 1, registryId: registry.id }
      : {
          kind: 'point-registry-at-key',
          version: 1,
          registryId: registry.id,
          key: versionless,
          mode,
          use: 'new-version',
          identity: identity.reference,
        },
  ];
  return {
    summary:
      mode === 'automatic'
        ? `Make a new version of the key ${key.keyName}; ${registry.name} ${
            waits
              ? 'follows by itself within an hour'
              : 'is asked to take it now'
          } and goes on following new versions.`
        : `Make a new version of the key ${key.keyName} and point ${registry.name} at it; ${registry.name} stays on that version until changed.`,
    before,
    after: {
      ...before,
      keyIdentifier: mode === 'automatic' ? versionless : newVersion,
      versionedKeyIdentifier: newVersion,
    },
    checks: [
      noOtherOperation(context),
      credentialConfigured('rotate', context),
      registryReady(subject),
      identityAttached(subject),
      accessPathExists(subject),
      firewallPassable(subject),
      keyUsable(subject),
      hasConverged(subject),
      purgeProtected(subject),
      infrastructureCode(subject),
      othersTouched(
        others.length,
        'those that follow new versions take this one too, those on a fixed version stay on it.',
        context,
      ),
    ],
    steps,
    inverse: {
      sentence:
        'A version cannot be unmade. The old version stays enabled, and the registry can be pointed back at it.',
      steps: [],
    },
    touched,
    locks: [registry.id.toLowerCase(), `key:${key.keyOfKey}`],
    typedName: null,
  };
}
