import { KeyIdentifier, utcTime } from 'backstage-plugin-acr-cmk-common';
import { az, into, NEW_KEY, ofKey } from './az';
import { onKey } from './rights';
import { defineStep } from './step';

/** Makes one new version of a key by Key Vault's own rotation. */
export interface MakeKeyVersion {
  kind: 'make-key-version';
  version: 1;
  /** Versionless. */
  key: KeyIdentifier;
}

/**
 * Key Vault's own rotation keeps type and size and applies the vault's expiry policy.
 *
 * The versions that were there are durable before the request leaves; a version that is not among
 * them is ours, whether or not an answer came. So no crash and no lost answer makes a second one.
 */
export const makeKeyVersion = defineStep<MakeKeyVersion>({
  kind: 'make-key-version',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'rotate',

  title: ({ key }) => `Create a new version of the key ${key.keyName}`,
  target: ({ key }) => key.toString(),
  commands: ({ key }) => [
    into(NEW_KEY, az('keyvault key rotate', ofKey(key)), 'key.kid'),
  ],
  effects: ({ key }) => [{ does: 'change-key', key, change: 'version-made' }],
  rights: ({ key }, vaultIdOf) =>
    onKey({ key, vaultIdOf }, [
      ['keys/read', 'list'],
      ['keys/rotate/action', 'rotate'],
    ]),

  async observe({ spec, azure, checkpoint }) {
    const { value: versions } = await azure.keys.listVersions(spec.key);
    const observations = [
      { what: 'latest version', value: versions[0]?.version ?? 'none' },
      { what: 'number of versions', value: String(versions.length) },
    ];
    const before = checkpoint.versionsBefore;
    if (!before) return { status: 'needs-write', observations };
    const made = versions.filter(({ version }) => !before.includes(version));
    if (made.length === 0) return { status: 'needs-write', observations };
    // The newest one, should somebody else have made another at the same time.
    const [ours, ...others] = made;
    if (!ours.enabled) {
      return {
        status: 'failed',
        observations,
        code: 'NEW_VERSION_DISABLED',
        message: `The new version ${ours.version} is disabled. Someone has changed it; enable it, or rotate again`,
      };
    }
    return {
      status: 'done',
      observations,
      outputs: { newVersion: ours.version },
      message:
        others.length === 0
          ? `Version ${ours.version} was made on ${utcTime(ours.created)}`
          : `Version ${ours.version} is the latest; someone else created ${others.length} more at the same time`,
    };
  },

  async prepare({ spec, azure, checkpoint }) {
    if (checkpoint.versionsBefore) return checkpoint;
    const { value: versions } = await azure.keys.listVersions(spec.key);
    return {
      ...checkpoint,
      versionsBefore: versions.map(({ version }) => version),
    };
  },

  act: ({ spec, azure }) => azure.keys.rotate(spec.key),
});
