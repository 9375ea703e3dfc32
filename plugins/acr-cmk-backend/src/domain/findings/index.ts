import { createHash } from 'node:crypto';
import type { Finding, RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistry } from '../encryptedRegistry';
import { accessRules } from './access';
import { keyHomeRules } from './keyHome';
import { rotationRules } from './rotation';
import {
  checkOf,
  FINDING_STATES,
  type FindingRule,
  OK,
  type PlainRegistryRule,
  type Verdict,
} from './rule';
import { versionRules } from './versions';

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Every rule for registries with a customer-managed key: by severity, then by state, then by id. */
export const findingRules: readonly FindingRule[] = [
  ...accessRules,
  ...keyHomeRules,
  ...rotationRules,
  ...versionRules,
].sort(
  (a, b) =>
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    stateRank(a) - stateRank(b) ||
    a.id.localeCompare(b.id),
);

/** Place of the rule's state among those of the others: the lowest decides. */
export function stateRank({ state }: FindingRule): number {
  return state === null ? Infinity : FINDING_STATES.indexOf(state);
}

/** The registry has no customer-managed key, and cannot get one any more. */
const encryptionOff: PlainRegistryRule = {
  id: 'encryption-off',
  severity: 'info',
  check(registry) {
    if (registry.encryption.status === 'enabled') return OK;
    return {
      verdict: 'found',
      message: 'The registry is encrypted with a Microsoft-managed key',
      remedy:
        'A customer-managed key can be chosen only when a registry is created. If your rules require a customer-managed key, create an encrypted registry (Premium) and copy the images.',
    };
  },
};

export const plainRegistryRules: readonly PlainRegistryRule[] = [encryptionOff];

const rulesById = new Map<string, FindingRule>(
  findingRules.map(rule => [rule.id, rule]),
);

/** The rule behind a finding. Undefined for a registry without a customer-managed key. */
export const ruleOf = ({ id }: Pick<Finding, 'id'>): FindingRule | undefined =>
  rulesById.get(id);

/**
 * Fingerprint of all rules, with the code of their checks. When it differs from the one that the rows
 * were judged with, every registry has to be judged again. It does not see the code that checks call.
 */
export function rulesFingerprint(
  rules: readonly object[] = [...findingRules, ...plainRegistryRules],
): string {
  const hash = createHash('sha256');
  for (const rule of rules) {
    for (const [name, value] of Object.entries(rule)) {
      hash.update(
        `${name}: ${
          typeof value === 'function' ? String(value) : JSON.stringify(value)
        }\n`,
      );
    }
  }
  return hash.digest('hex');
}

function toFinding(
  rule: Pick<FindingRule, 'id' | 'severity'>,
  verdict: Verdict,
): Finding[] {
  if (verdict.verdict === 'ok') return [];
  return [{ id: rule.id, severity: rule.severity, ...verdict }];
}

/** Findings of a registry with a customer-managed key. */
export function findingsOf(encrypted: EncryptedRegistry): Finding[] {
  return findingRules.flatMap(rule =>
    toFinding(rule, checkOf(rule, encrypted)),
  );
}

/** Findings of a registry without one. */
export function findingsOfPlain(registry: RegistryFacts): Finding[] {
  return plainRegistryRules.flatMap(rule =>
    toFinding(rule, rule.check(registry)),
  );
}
