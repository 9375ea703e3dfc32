import type { Finding } from 'backstage-plugin-acr-cmk-common';
import { ruleOf } from './findings';
import type { AccessEffect } from './findings/rule';

type Blocked = Extract<AccessEffect, object>['blocked'];

/** A registry's access to its key. */
export type KeyAccess =
  /** A grant, and nothing on the path to the key that stops it. */
  | { access: 'granted' }
  /** A grant, a version or the key is missing: what a restore gives back. */
  | { access: 'missing'; message: string }
  /** Something stops the registry that no restore can change. */
  | ({ access: 'blocked'; message: string; remedy?: string } & Blocked)
  | { access: 'unknown'; message: string };

/** Access to the key, by the findings that concern it. Others do not count. */
export function keyAccessOf(findings: readonly Finding[]): KeyAccess {
  const concerned = findings.flatMap(finding => {
    const effect = ruleOf(finding)?.access ?? 'none';
    return effect === 'none' ? [] : [{ finding, effect }];
  });
  const found = concerned.filter(({ finding }) => finding.verdict === 'found');
  for (const { finding, effect } of found) {
    if (effect === 'restorable') continue;
    const { message, remedy } = finding;
    return { access: 'blocked', message, remedy, ...effect.blocked };
  }
  const [missing] = found;
  if (missing) return { access: 'missing', message: missing.finding.message };
  const [undecided] = concerned;
  return undecided
    ? { access: 'unknown', message: undecided.finding.message }
    : { access: 'granted' };
}

/** Reason why a restore would give nothing back. Undefined when it may. */
export function nothingToRestore(access: KeyAccess): string | undefined {
  switch (access.access) {
    case 'granted':
      return 'The registry has access to its key. There is nothing to restore.';
    case 'blocked':
      return `A restore does not help: ${access.message}.`;
    case 'unknown':
      return `Could not determine whether there is anything to restore. ${access.message}.`;
    default:
      return undefined;
  }
}
