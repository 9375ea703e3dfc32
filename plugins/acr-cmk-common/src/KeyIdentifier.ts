import {
  AZURE_CLOUDS,
  type AzureCloud,
  type AzureCloudName,
  hostInCloud,
  otherCloud,
} from './clouds';
import { InvalidInput } from './errors';
import { quote } from './text';

/** 3 to 24: a letter, then letters, digits and single hyphens, not ending in one (Azure's naming rules). */
const VAULT_NAME = /^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/i;
/** 1 to 127 letters, digits and hyphens (Azure's naming rules). */
const KEY_NAME = /^[a-z0-9-]{1,127}$/i;
const VERSION = /^[0-9a-f]{32}$/i;

const expectedShape = (suffix: string) =>
  `https://<vault>.${suffix}/keys/<key>, optionally followed by /<32 hex digits of a version>`;

/** Ends the name of a Managed HSM, so that a vault of the same name is another one. */
const HSM_NAME_END = '.managedhsm';

/** True for the name of a Managed HSM as this product writes it: `<name>.managedhsm`. */
export function isHsmName(vaultName: string): boolean {
  return vaultName.toLowerCase().endsWith(HSM_NAME_END);
}

/** The name as Azure has it: that of a Managed HSM without its end. */
export function bareVaultName(vaultName: string): string {
  return isHsmName(vaultName)
    ? vaultName.slice(0, -HSM_NAME_END.length)
    : vaultName;
}

/** The name of a Managed HSM as this product writes it, from Azure's: `<name>.managedhsm`. */
export function hsmName(bareName: string): string {
  return `${bareName}${HSM_NAME_END}`;
}

/** Kind of the vault of this name, for a text. */
export function keyHomeKind(vaultName: string): 'vault' | 'Managed HSM' {
  return isHsmName(vaultName) ? 'Managed HSM' : 'vault';
}

/** `vault kv1` or `Managed HSM hsm1`, for a text that has an article before it. */
export function keyHome(vaultName: string): string {
  return `${keyHomeKind(vaultName)} ${bareVaultName(vaultName)}`;
}

/** True for a valid name of a vault, or of a Managed HSM with the suffix `.managedhsm`. */
export function isVaultName(text: string): boolean {
  return VAULT_NAME.test(bareVaultName(text));
}

/** The host of a vault or Managed HSM. */
export function vaultHostOf(
  vaultName: string,
  cloud: AzureCloudName = 'public',
): string {
  const { hsmSuffix, vaultSuffix } = AZURE_CLOUDS[cloud];
  const suffix = isHsmName(vaultName) ? hsmSuffix : vaultSuffix;
  return `${bareVaultName(vaultName)}.${suffix}`;
}

/** The name of the vault or Managed HSM that has this host, in any cloud. */
export function vaultNameOfHost(host: string): string {
  const hsm = hostInCloud(host, 'hsmSuffix');
  return hsm ? hsmName(hsm.label) : host.split('.')[0];
}

/** The name of the vault or Managed HSM of this ARM id. */
export function vaultNameOfId(id: string): string {
  const parts = id.split('/');
  const name = parts[parts.length - 1];
  return parts[parts.length - 2]?.toLowerCase() === 'managedhsms'
    ? hsmName(name)
    : name;
}

/** True for a valid name of a key. */
export function isKeyName(text: string): boolean {
  return KEY_NAME.test(text);
}

/**
 * The URI of a key in a Key Vault or a Managed HSM, as a registry stores it: *versioned* with a version,
 * *versionless* without.
 *
 * Parsed without `URL`, whose leniency (user info, ports, encodings, IP literals, look-alike
 * letters) is what a hostile key URI lives on: a token is sent only to a host that this parser
 * has put together itself.
 */
export class KeyIdentifier {
  /** Name of the vault; of a Managed HSM with the suffix `.managedhsm`. */
  readonly vaultName: string;
  readonly keyName: string;
  /** 32 lower-case hex digits, or nothing for a versionless identifier. */
  readonly version: string | undefined;
  /** Cloud of the host. */
  readonly cloud: AzureCloud;

  private constructor(parts: {
    vaultName: string;
    keyName: string;
    version: string | undefined;
    cloud: AzureCloud;
  }) {
    this.vaultName = parts.vaultName;
    this.keyName = parts.keyName;
    this.version = parts.version;
    this.cloud = parts.cloud;
  }

  /**
   * @param field - name of the input, for the message
   * @param cloud - the only cloud that is accepted; without it, each that we know
   * @throws InvalidInput unless `text` is exactly a key's URI in a vault of such a cloud
   */
  static parse(
    text: unknown,
    field = 'keyIdentifier',
    cloud?: AzureCloudName,
  ): KeyIdentifier {
    const { vaultSuffix } = AZURE_CLOUDS[cloud ?? 'public'];
    const invalid = (why: string) =>
      new InvalidInput(
        field,
        `${why}; a key URI is ${expectedShape(vaultSuffix)}`,
      );
    if (typeof text !== 'string' || text.length === 0) {
      throw invalid('must be a text');
    }
    if (text.length > 300) throw invalid(`${quote(text)} is too long`);
    const match = /^https:\/\/([^/]*)\/([^/]*)\/([^/]*)(?:\/([^/]*))?$/i.exec(
      text,
    );
    if (!match) throw invalid(`${quote(text)} is not a key URI`);
    const [, host, collection, keyName, version] = match;
    const hsm = hostInCloud(host, 'hsmSuffix');
    const found = hsm ?? hostInCloud(host, 'vaultSuffix');
    if (!found || !VAULT_NAME.test(found.label)) {
      throw invalid(`${quote(host)} is not the host of a vault or Managed HSM`);
    }
    if (cloud && found.cloud.name !== cloud) {
      throw invalid(
        `${quote(host)} ${otherCloud(found.cloud, AZURE_CLOUDS[cloud])}`,
      );
    }
    if (collection.toLowerCase() !== 'keys') {
      throw invalid(`${quote(text)} names no key`);
    }
    if (!KEY_NAME.test(keyName)) {
      throw invalid(`${quote(keyName)} is not a name that a key can have`);
    }
    if (version !== undefined && !VERSION.test(version)) {
      throw invalid(`${quote(version)} is not a version`);
    }
    const name = found.label.toLowerCase();
    return new KeyIdentifier({
      vaultName: hsm ? hsmName(name) : name,
      keyName,
      version: version?.toLowerCase(),
      cloud: found.cloud,
    });
  }

  /**
   * The versionless identifier of a key by its names.
   *
   * @throws InvalidInput for names that Key Vault would refuse
   */
  static of(
    vaultName: string,
    keyName: string,
    cloud: AzureCloudName = 'public',
  ): KeyIdentifier {
    return KeyIdentifier.parse(
      `https://${vaultHostOf(vaultName, cloud)}/keys/${keyName}`,
      undefined,
      cloud,
    );
  }

  /** The identifier when `text` is one, else nothing. */
  static tryParse(
    text: unknown,
    cloud?: AzureCloudName,
  ): KeyIdentifier | undefined {
    // Most entities lack the annotation: that needs no error.
    if (text === undefined) return undefined;
    try {
      return KeyIdentifier.parse(text, undefined, cloud);
    } catch {
      return undefined;
    }
  }

  /** `<vault>.vault.azure.net`, or `<hsm>.managedhsm.azure.net` */
  get vaultHost(): string {
    return vaultHostOf(this.vaultName, this.cloud.name);
  }

  /** True when the key is in a Managed HSM. */
  get isInHsm(): boolean {
    return isHsmName(this.vaultName);
  }

  /** Identifier of the key without a version. */
  get versionless(): KeyIdentifier {
    return new KeyIdentifier({ ...this, version: undefined });
  }

  /** Identifier of the key with `version` (32 hex digits). */
  at(version: string): KeyIdentifier {
    return KeyIdentifier.parse(
      `${this.versionless}/${version}`,
      undefined,
      this.cloud.name,
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
