import type { Finding } from 'backstage-plugin-acr-cmk-common';

/** What may be said about a registry's access to its key. */
export type KeyAccess =
  /** A grant, and nothing on the path to the key that stops it. */
  | { access: 'granted' }
  /** A grant, a version or the key is missing: what a restore gives back. */
  | { access: 'missing'; message: string }
  /** Something stops the registry that no restore can change. */
  | { access: 'blocked'; by: string; message: string; remedy?: string }
  | { access: 'unknown'; message: string };

/** What stops a registry on the way to its key, whatever it was granted. */
const BLOCKING = ['identity-deleted', 'identity-detached', 'vault-firewall'];
/** What a restore can give back. */
const MISSING = ['no-access-path', 'version-unusable'];

/**
 * Has the registry access to its key? Only what grants it and what may stand in the way give the
 * answer together; of what is not known, nothing is said.
 */
export function keyAccessOf(findings: readonly Finding[]): KeyAccess {
  const first = (ids: readonly string[], verdict: Finding['verdict']) =>
    findings.find(
      finding => ids.includes(finding.id) && finding.verdict === verdict,
    );
  const blocking = first(BLOCKING, 'found');
  if (blocking) {
    const { id: by, message, remedy } = blocking;
    return { access: 'blocked', by, message, remedy };
  }
  const missing = first(MISSING, 'found');
  if (missing) return { access: 'missing', message: missing.message };
  const undecided = first([...BLOCKING, ...MISSING], 'undecided');
  return undecided
    ? { access: 'unknown', message: undecided.message }
    : { access: 'granted' };
}

/** Why a restore has nothing to give back, or cannot; nothing when it may have. */
export function nothingToRestore(access: KeyAccess): string | undefined {
  switch (access.access) {
    case 'granted':
      return 'The registry has access to its key. There is nothing to restore.';
    case 'blocked':
      return `A restore cannot change this: ${access.message}.${
        access.remedy ? ` ${access.remedy}` : ''
      }`;
    case 'unknown':
      return `Could not determine whether there is anything to restore. ${access.message}.`;
    default:
      return undefined;
  }
}
