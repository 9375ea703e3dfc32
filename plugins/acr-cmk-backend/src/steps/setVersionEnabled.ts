import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { SetVersionEnabled } from '../cmk/steps';
import { defineStep } from './step';

/** Enables or disables one version. Key Vault offers nothing smaller that can be undone. */
export const setVersionEnabled = defineStep<SetVersionEnabled>({
  kind: 'set-version-enabled',
  version: 1,
  credential: 'revoke',

  async observe({ spec, azure }) {
    const key = KeyIdentifier.parse(spec.key);
    const { value: versions } = await azure.keys.listVersions(
      key.versionless,
      'revoke',
    );
    const version = versions.find(one => one.version === key.version);
    const word = { true: 'enabled', false: 'disabled' };
    const observations = [
      {
        what: `version ${key.version}`,
        value: version ? word[`${version.enabled}`] : 'not there',
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
    return version.enabled === spec.enabled
      ? {
          status: 'done',
          observations,
          message: `Version ${key.version} is ${word[`${spec.enabled}`]}`,
        }
      : { status: 'needs-write', observations };
  },

  act: ({ spec, azure }) =>
    azure.keys.setEnabled(
      KeyIdentifier.parse(spec.key),
      spec.enabled,
      'revoke',
    ),
});
