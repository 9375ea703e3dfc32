import { Config } from '@backstage/config';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import {
  createProxyAuthenticator,
  SignInResolver,
} from '@backstage/plugin-auth-node';

/**
 * The header that says who signs in. A browser does not send a header of its own to another
 * origin without asking that origin first, so no foreign page can sign its reader in.
 */
export const DEMO_USER_HEADER = 'x-demo-user';

type DemoUser = { name: string };

export const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),

  initialize({ config }: { config: Config }) {
    if (
      process.env.NODE_ENV === 'production' &&
      !config.getOptionalBoolean('allowInProduction')
    ) {
      throw new NotAllowedError(
        'auth.providers.demo lets everybody in without a password and NODE_ENV is production. ' +
          'Remove auth.providers.demo, or set auth.providers.demo.allowInProduction to true if this portal is a demo',
      );
    }
    return {
      names: config.getConfigArray('users').map(user => user.getString('name')),
    };
  },

  async authenticate({ req }, { names }): Promise<{ result: DemoUser }> {
    const name = req.header(DEMO_USER_HEADER);
    if (!name || !names.includes(name)) {
      throw new AuthenticationError(
        `The header ${DEMO_USER_HEADER} has to name one of the demo's users: ${names.join(
          ', ',
        )}`,
      );
    }
    return { result: { name } };
  },
});

export const signInAsCatalogUser: SignInResolver<DemoUser> = (
  { result },
  context,
) => context.signInWithCatalogUser({ entityRef: { name: result.name } });
