/** Title of a finding, and what its rule checks. */
interface FindingWords {
  /** A few words, for a cell of a table. */
  title: string;
  /** Subject of the check, for a sentence on what could not be checked. */
  subject: string;
}

/** Findings whose words are not those of their id. */
const WORDS: Readonly<Record<string, FindingWords>> = {
  'encryption-off': {
    title: 'Microsoft-managed key',
    subject: 'encryption',
  },
  'expiry-before-rotation': {
    title: 'Expires before rotation',
    subject: 'rotation before expiry',
  },
  'identity-deleted': {
    title: 'Identity deleted',
    subject: 'identity',
  },
  'identity-detached': {
    title: 'Identity not attached',
    subject: 'identity',
  },
  'key-behind': {
    title: 'Version not followed',
    subject: 'newer versions',
  },
  'key-expired': {
    title: 'Version expired',
    subject: 'expiry',
  },
  'key-expires-soon': {
    title: 'Version expires soon',
    subject: 'expiry',
  },
  'last-change-failed': {
    title: 'Last change failed',
    subject: 'last change',
  },
  'no-access-path': {
    title: 'No access to the key',
    subject: 'access to the key',
  },
  'no-rotation-policy': {
    title: 'No rotation policy',
    subject: 'rotation policy',
  },
  'older-version-pinned': {
    title: 'Newer version available',
    subject: 'newer versions',
  },
  'pinned-key-trap': {
    title: 'Pinned, vault rotates',
    subject: 'rotation policy',
  },
  'purge-protection-off': {
    title: 'No purge protection',
    subject: 'purge protection',
  },
  'vault-firewall': {
    title: 'Firewall closed',
    subject: 'firewall',
  },
  'version-unusable': {
    title: 'Key or version unusable',
    subject: 'version in use',
  },
};

const wordsOf = (id: string): FindingWords | undefined =>
  Object.hasOwn(WORDS, id) ? WORDS[id] : undefined;

const idInWords = (id: string) =>
  `${id.charAt(0).toUpperCase()}${id.slice(1).replace(/-/g, ' ')}`;

/**
 * Short title of a finding: "No purge protection".
 *
 * @public
 */
export const findingTitle = (id: string): string =>
  wordsOf(id)?.title ?? idInWords(id);

/**
 * Subject of the check of a finding's rule, as part of a sentence: "purge protection".
 *
 * @public
 */
export const findingSubject = (id: string): string =>
  wordsOf(id)?.subject ?? id.replace(/-/g, ' ');
