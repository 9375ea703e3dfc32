import { type Check, presenceUnknown, withBackend } from '../check';
import { ok } from '../lines';

const PLUGINS = ['signals', 'notifications', 'scaffolder'];

/** An action of the scaffolder module. */
const ACTION = 'acr-cmk:key:rotate';

/** Reports which optional plugins are installed. */
export const optionalPlugins: Check = {
  id: 'optional-plugins',
  title: 'Plugins that are optional',
  run: withBackend(async backend => {
    const found = await Promise.all(
      PLUGINS.map(async id => ({
        id,
        presence: await backend.hasPlugin(id),
      })),
    );
    const lines = found.map(({ id, presence }) => {
      if ('unknown' in presence) return presenceUnknown(id, presence.unknown);
      return ok(
        presence.there
          ? `${id}: installed.`
          : `${id}: not installed; acr-cmk works without it.`,
      );
    });
    const scaffolder = found.find(({ id }) => id === 'scaffolder')?.presence;
    if (scaffolder && 'there' in scaffolder && scaffolder.there) {
      const action = await backend.hasScaffolderAction(ACTION);
      if ('unknown' in action) {
        return [
          ...lines,
          presenceUnknown(`the action ${ACTION}`, action.unknown),
        ];
      }
      lines.push(
        action.there
          ? ok('The scaffolder has the actions of acr-cmk.')
          : ok(
              'The scaffolder has no actions of acr-cmk: add backstage-plugin-scaffolder-backend-module-acr-cmk for templates that rotate or revoke.',
            ),
      );
    }
    return lines;
  }),
};
