import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { az, ofKey } from './az';
import { onKey } from './rights';
import { defineStep } from './step';
import { shortVersion } from './words';

/** Enables or disables one version of a key. */
export interface SetVersionEnabled {
  kind: 'set-version-enabled';
  version: 1;
  /** With its version. */
  key: KeyIdentifier;
  enabled: boolean;
}

const inWords = (enabled: boolean) => (enabled ? 'enabled' : 'disabled');

/** Key Vault offers nothing smaller that can be undone. */
export const setVersionEnabled = defineStep<SetVersionEnabled>({
  kind: 'set-version-enabled',
  version: 1,
  ids: { key: KeyIdentifier },
  credential: 'revoke',

  title: ({ key, enabled }) =>
    `${enabled ? 'Enable' : 'Disable'} version ${shortVersion(
      key.version ?? '',
    )} of the key ${key.keyName}`,
  target: ({ key }) => key.toString(),
  commands: ({ key, enabled }) => [
    az('keyvault key set-attributes', {
      ...ofKey(key),
      version: key.version ?? '',
      enabled: String(enabled),
    }),
  ],
  effects: ({ key, enabled }) => [
    {
      does: 'change-key',
      key,
      change: enabled ? 'version-enabled' : 'version-disabled',
    },
  ],
  givesBack: ({ key, enabled }) =>
    enabled ? { what: 'version', of: [key.toString()] } : undefined,
  rights: ({ key }, vaultIdOf) =>
    onKey({ key, vaultIdOf }, [
      ['keys/read', 'list'],
      ['keys/update/action', 'update'],
    ]),

  async observe({ spec: { key, enabled }, azure }) {
    const { value: versions } = await azure.keys.listVersions(key.versionless);
    const version = versions.find(one => one.version === key.version);
    const observations = [
      {
        what: `version ${key.version}`,
        value: version ? inWords(version.enabled) : 'not there',
      },
    ];
    if (!version) {
      return {
        status: 'failed',
        observations,
        code: 'VERSION_UNKNOWN',
        message: `The key has no version ${key.version} any more`,
      };
    }
    return version.enabled === enabled
      ? {
          status: 'done',
          observations,
          message: `Version ${key.version} is ${inWords(enabled)}`,
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure }) => azure.keys.setEnabled(spec.key, spec.enabled),
});
