import { type Check, NEEDS_BACKEND, ok } from '../check';

const PLUGINS = ['signals', 'notifications', 'scaffolder'];

/** An action of the scaffolder module. */
const ACTION = 'acr-cmk:key:rotate';

/** Which of the plugins are there that this one works without? For information. */
export const optionalPlugins: Check = {
  id: 'optional-plugins',
  title: 'Plugins that are optional',
  async run({ backend }) {
    if (!backend) return [...NEEDS_BACKEND];
    const found = await Promise.all(
      PLUGINS.map(async id => ({ id, there: await backend.hasPlugin(id) })),
    );
    const lines = found.map(({ id, there }) =>
      ok(
        there ? `${id}: there.` : `${id}: not there; acr-cmk works without it.`,
      ),
    );
    if (found.some(({ id, there }) => id === 'scaffolder' && there)) {
      lines.push(
        (await backend.hasScaffolderAction(ACTION))
          ? ok('The scaffolder has the actions of acr-cmk.')
          : ok(
              'The scaffolder has no actions of acr-cmk: add backstage-plugin-scaffolder-backend-module-acr-cmk for templates that rotate or revoke.',
            ),
      );
    }
    return lines;
  },
};
