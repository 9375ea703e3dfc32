import { keyHome, keyHomeKind, utcDay } from 'backstage-plugin-acr-cmk-common';
import { policyInWords } from '../steps/rotationPolicy';
import {
  type EncryptedRegistryFacts,
  shortVersion,
} from '../encryptedRegistry';
import { isKeyMissing } from '../missingKey';
import { nextRotationAt } from '../rotation';
import { type FindingRule, OK } from './rule';

/** Policy that the form begins with. Azure recommends no number. Our choice. */
const RECOMMENDED = { timeAfterCreate: 'P90D' };

/** Newest version, from which the vault's policy counts. */
const newestOf = ({ keyFacts }: EncryptedRegistryFacts) =>
  keyFacts.known && keyFacts.value.rotatesByPolicy
    ? keyFacts.value.versions[0]
    : undefined;

/** Rules about the rotation of the key by policy. */
export const rotationRules: readonly FindingRule[] = [
  /** A manual registry whose vault rotates the key by policy: no new version will ever reach it. */
  {
    id: 'pinned-key-trap',
    mode: 'manual',
    severity: 'error',
    state: 'pinned-key-trap',
    access: 'none',
    notifies: 'pinned-key-trap',
    check({ registry, key, keyFacts }) {
      if (isKeyMissing({ keyFacts })) return OK; // version-unusable reports it.
      if (!keyFacts.known) {
        return {
          verdict: 'undecided',
          message: `Could not determine whether the ${keyHomeKind(
            key.vaultName,
          )} rotates this key by policy`,
          detail: keyFacts.problem.message,
        };
      }
      if (!keyFacts.value.rotatesByPolicy) return OK;
      const { rotationPolicy } = keyFacts.value;
      return {
        verdict: 'found',
        message: `Pinned to version ${shortVersion(
          key.version ?? '',
        )}, while the ${keyHome(key.vaultName)} rotates the key by policy`,
        ...(rotationPolicy && {
          detail: `The policy: ${policyInWords(rotationPolicy)}. ${
            registry.name
          } never follows`,
        }),
        remedy:
          'Have the registry follow new versions (automatic mode), or rotate it manually after each new version.',
        intent: { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } },
      };
    },
  },
  /** The vault rotates the key by policy, but the newest version expires before that. */
  {
    id: 'expiry-before-rotation',
    severity: 'warning',
    state: null,
    access: 'none',
    notifies: null,
    checkAt(encrypted) {
      const { key, keyFacts, now } = encrypted;
      const home = keyHomeKind(key.vaultName);
      const newest = newestOf(encrypted);
      if (!keyFacts.known || !newest?.expires) return OK; // key-expires-soon reports that the key is not known.
      const expires = Date.parse(newest.expires);
      if (expires <= now) return OK; // Too late for a warning: key-expired.
      const next = nextRotationAt(keyFacts.value);
      if (next === undefined) {
        return {
          verdict: 'undecided',
          message: `Could not determine whether the ${home} rotates the key before version ${shortVersion(
            newest.version,
          )} expires`,
          detail: `Version ${shortVersion(newest.version)} expires on ${utcDay(
            newest.expires,
          )}; Azure does not show when its policy rotates the key`,
        };
      }
      if (next < expires) return OK;
      return {
        verdict: 'found',
        message: `Version ${shortVersion(newest.version)} expires on ${utcDay(
          newest.expires,
        )}, before its rotation on ${utcDay(next)}`,
        remedy:
          'Rotate before the version expires, or have the policy rotate sooner.',
        intent: { kind: 'rotate' },
      };
    },
    changesAt(encrypted) {
      const expires = newestOf(encrypted)?.expires;
      return expires ? [Date.parse(expires)] : [];
    },
  },
  /** A registry that follows new versions of a key of which nobody makes any by itself. */
  {
    id: 'no-rotation-policy',
    mode: 'automatic', // Nothing of another would follow a policy: pinned-key-trap.
    severity: 'info',
    state: null,
    access: 'none',
    notifies: null,
    check({ key, keyFacts }) {
      if (isKeyMissing({ keyFacts })) return OK; // version-unusable reports it.
      if (!keyFacts.known) {
        return {
          verdict: 'undecided',
          message: `Could not determine whether the ${keyHomeKind(
            key.vaultName,
          )} rotates this key by policy`,
          detail: keyFacts.problem.message,
        };
      }
      if (keyFacts.value.rotatesByPolicy) return OK;
      return {
        verdict: 'found',
        message: `The key ${key.keyName} has no rotation policy: it rotates only when someone rotates it`,
        remedy: 'Set up automatic rotation, if the key is to rotate by itself.',
        intent: {
          kind: 'automatic-rotation',
          rotation: { kind: 'on', policy: RECOMMENDED },
        },
      };
    },
  },
];
