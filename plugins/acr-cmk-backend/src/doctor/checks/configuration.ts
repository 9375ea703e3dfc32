import { type Check, GROUPS_NOT_KNOWN, line, ok, plural } from '../check';

/** Is `acrCmk` understood, and does it open anything? */
export const configuration: Check = {
  id: 'configuration',
  title: 'The configuration is understood',
  async run({ config }) {
    if (!config.understood) {
      return [
        line(
          'failed',
          config.message,
          'Correct app-config. plugins/acr-cmk-backend/config.d.ts describes every setting.',
        ),
      ];
    }
    const { scopes, managementGroups, vaults } = config.value;
    if (scopes.length === 0 && managementGroups.length > 0) {
      return [...GROUPS_NOT_KNOWN];
    }
    if (scopes.length === 0) {
      return [
        line(
          'failed',
          'acrCmk.scopes is empty: no registry can be viewed or changed.',
          'Add the subscription or the resource group of your registries to acrCmk.scopes, such as /subscriptions/<guid>/resourceGroups/<group>.',
        ),
      ];
    }
    return [
      ok(
        `${plural(scopes.length, 'scope')}, ${
          vaults
            ? plural(vaults.size, 'vault')
            : 'every vault of their subscriptions'
        }.`,
      ),
    ];
  },
};
