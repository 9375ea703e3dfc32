import { InvalidInput } from './errors';
import { quote } from './text';

/** Key Vault's host suffix in Azure's public cloud (docs/azure.md). */
export const PUBLIC_VAULT_SUFFIX = 'vault.azure.net';

/** 3 to 24: a letter, then letters, digits and single hyphens, not ending in one (Azure's naming rules). */
const VAULT_NAME = /^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i;
/** 1 to 127 letters, digits and hyphens (Azure's naming rules). */
const KEY_NAME = /^[a-z0-9-]{1,127}$/i;
const VERSION = /^[0-9a-f]{32}$/i;

const expectedShape = (suffix: string) =>
  `https://<vault>.${suffix}/keys/<key>, optionally followed by /<32 hex digits of a version>`;

/** Is this a name that Key Vault accepts for a vault? */
export function isVaultName(text: string): boolean {
  return VAULT_NAME.test(text);
}

/** Is this a name that Key Vault accepts for a key? */
export function isKeyName(text: string): boolean {
  return KEY_NAME.test(text);
}

/**
 * The URI of a key in a Key Vault, as a registry stores it: *versioned* with a version,
 * *versionless* without.
 *
 * Parsed without `URL`, whose leniency (user info, ports, encodings, IP literals, look-alike
 * letters) is what a hostile key URI lives on: a token is sent only to a host that this parser
 * has put together itself.
 */
export class KeyIdentifier {
  private constructor(
    readonly vaultName: string,
    readonly keyName: string,
    /** 32 lower-case hex digits, or nothing for a versionless identifier. */
    readonly version: string | undefined,
    readonly suffix: string,
  ) {}

  /**
   * @param field - name of the input, for the message
   * @param suffix - host suffix of the cloud
   * @throws InvalidInput unless `text` is exactly a key's URI in a vault of that cloud
   */
  static parse(
    text: unknown,
    field = 'keyIdentifier',
    suffix: string = PUBLIC_VAULT_SUFFIX,
  ): KeyIdentifier {
    const wrong = (why: string) =>
      new InvalidInput(field, `${why}; a key URI is ${expectedShape(suffix)}`);
    if (typeof text !== 'string' || text.length === 0) {
      throw wrong('must be a text');
    }
    if (text.length > 300) throw wrong(`${quote(text)} is too long`);
    const match = /^https:\/\/([^/]*)\/([^/]*)\/([^/]*)(?:\/([^/]*))?$/i.exec(
      text,
    );
    if (!match) throw wrong(`${quote(text)} is not a key URI`);
    const [, host, collection, keyName, version] = match;
    const end = `.${suffix}`;
    const vaultName = host.slice(0, -end.length);
    if (!host.toLowerCase().endsWith(end) || !VAULT_NAME.test(vaultName)) {
      throw wrong(`${quote(host)} is not the host of a vault`);
    }
    if (collection.toLowerCase() !== 'keys') {
      throw wrong(`${quote(text)} names no key`);
    }
    if (!KEY_NAME.test(keyName)) {
      throw wrong(`${quote(keyName)} is not a name that a key can have`);
    }
    if (version !== undefined && !VERSION.test(version)) {
      throw wrong(`${quote(version)} is not a version`);
    }
    return new KeyIdentifier(
      vaultName.toLowerCase(),
      keyName,
      version?.toLowerCase(),
      suffix,
    );
  }

  /**
   * The versionless identifier of a key by its names.
   *
   * @throws InvalidInput for names that Key Vault would refuse
   */
  static of(
    vaultName: string,
    keyName: string,
    suffix: string = PUBLIC_VAULT_SUFFIX,
  ): KeyIdentifier {
    return KeyIdentifier.parse(
      `https://${vaultName}.${suffix}/keys/${keyName}`,
      undefined,
      suffix,
    );
  }

  /** The identifier when `text` is one, else nothing. */
  static tryParse(text: unknown, suffix?: string): KeyIdentifier | undefined {
    try {
      return KeyIdentifier.parse(text, undefined, suffix);
    } catch {
      return undefined;
    }
  }

  /** `<vault>.vault.azure.net` */
  get vaultHost(): string {
    return `${this.vaultName}.${this.suffix}`;
  }

  /** The same key without a version. */
  get versionless(): KeyIdentifier {
    return new KeyIdentifier(
      this.vaultName,
      this.keyName,
      undefined,
      this.suffix,
    );
  }

  /** The same key at `version` (32 hex digits). */
  at(version: string): KeyIdentifier {
    return KeyIdentifier.parse(
      `${this.versionless}/${version}`,
      undefined,
      this.suffix,
    );
  }

  /** Lower-cased `vault/key`: the same for every version and spelling of one key. */
  get keyOfKey(): string {
    return `${this.vaultName}/${this.keyName}`.toLocaleLowerCase('en-US');
  }

  toString(): string {
    const versionless = `https://${this.vaultHost}/keys/${this.keyName}`;
    return this.version ? `${versionless}/${this.version}` : versionless;
  }

  /** Same vault, key and version, without regard to case. */
  equals(other: KeyIdentifier): boolean {
    return this.keyOfKey === other.keyOfKey && this.version === other.version;
  }
}
