/** Every health rule, worst first. A new rule is a file beside this one and a line here. */
import type { Finding, RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistry } from '../encryptedRegistry';
import { encryptionOff } from './encryptionOff';
import { expiryBeforeRotation } from './expiryBeforeRotation';
import { identityDeleted } from './identityDeleted';
import { identityDetached } from './identityDetached';
import { keyBehind } from './keyBehind';
import { keyExpired, keyExpiresSoon } from './keyExpiry';
import { noAccessPath } from './noAccessPath';
import { noRotationPolicy } from './noRotationPolicy';
import { olderVersionPinned } from './olderVersionPinned';
import { pinnedKeyTrap } from './pinnedKeyTrap';
import { purgeProtectionOff } from './purgeProtectionOff';
import type { FindingRule, PlainRegistryRule, Verdict } from './rule';
import { vaultFirewall } from './vaultFirewall';
import { versionUnusable } from './versionUnusable';

export const findingRules: readonly FindingRule[] = [
  identityDeleted,
  identityDetached,
  vaultFirewall,
  noAccessPath,
  versionUnusable,
  keyExpired,
  pinnedKeyTrap,
  keyBehind,
  keyExpiresSoon,
  expiryBeforeRotation,
  purgeProtectionOff,
  olderVersionPinned,
  noRotationPolicy,
];

export const plainRegistryRules: readonly PlainRegistryRule[] = [encryptionOff];

function toFinding(
  rule: Pick<FindingRule, 'id' | 'severity'>,
  verdict: Verdict,
): Finding[] {
  if (verdict.verdict === 'ok') return [];
  return [{ id: rule.id, severity: rule.severity, ...verdict }];
}

/** What the rules say of a registry with a customer-managed key. */
export function findingsOf(encrypted: EncryptedRegistry): Finding[] {
  return findingRules.flatMap(rule => toFinding(rule, rule.check(encrypted)));
}

/** What the rules say of a registry without one. */
export function findingsOfPlain(registry: RegistryFacts): Finding[] {
  return plainRegistryRules.flatMap(rule =>
    toFinding(rule, rule.check(registry)),
  );
}
