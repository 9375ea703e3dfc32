import { Config } from '@backstage/config';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import {
  createProxyAuthenticator,
  SignInResolver,
} from '@backstage/plugin-auth-node';

/**
 * Header with the user who signs in. A browser does not send a custom header to another
 * origin without asking that origin first, so no foreign page can sign its reader in.
 */
export const DEMO_USER_HEADER = 'x-demo-user';

type DemoUser = { name: string; title: string };

export const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async ({ title }: DemoUser) => ({
    profile: { displayName: title },
  }),

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
      users: config.getConfigArray('users').map(user => ({
        name: user.getString('name'),
        title: user.getString('title'),
      })),
    };
  },

  async authenticate({ req }, { users }): Promise<{ result: DemoUser }> {
    const name = req.header(DEMO_USER_HEADER);
    const user = users.find(known => known.name === name);
    if (!user) {
      const names = users.map(known => known.name).join(', ');
      throw new AuthenticationError(
        `The header ${DEMO_USER_HEADER} has to name one of the demo's users: ${names}`,
      );
    }
    return { result: user };
  },
});

export const signInAsCatalogUser: SignInResolver<DemoUser> = (
  { result },
  context,
) => context.signInWithCatalogUser({ entityRef: { name: result.name } });
