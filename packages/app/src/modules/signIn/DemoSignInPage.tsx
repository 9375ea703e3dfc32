import { ProxiedSignInPage } from '@backstage/core-components';
import { configApiRef, IdentityApi, useApi } from '@backstage/core-plugin-api';
import { SignInPageProps } from '@backstage/plugin-app-react';
import Button from '@material-ui/core/Button';
import { useState } from 'react';
import { readDemoUsers } from './demoUsers';
import { DemoUserCards } from './DemoUserCards';

/** Per browser tab, so that two tabs can be two users: one requests, the other approves. */
const REMEMBERED_USER = 'demo-sign-in-user';

/** The header that the backend's demo provider reads; see packages/backend/src/demoSignIn. */
const DEMO_USER_HEADER = 'x-demo-user';

function forgettingOnSignOut(identity: IdentityApi): IdentityApi {
  return {
    getProfileInfo: () => identity.getProfileInfo(),
    getBackstageIdentity: () => identity.getBackstageIdentity(),
    getCredentials: () => identity.getCredentials(),
    signOut: async () => {
      sessionStorage.removeItem(REMEMBERED_USER);
      await identity.signOut();
    },
  };
}

/** Sign-in without a password as one of the demo's users. A reload keeps the choice. */
export const DemoSignInPage = ({ onSignInSuccess }: SignInPageProps) => {
  const config = useApi(configApiRef);
  const [name, setName] = useState(() =>
    sessionStorage.getItem(REMEMBERED_USER),
  );

  const choose = (chosen: string | null) => {
    if (chosen === null) {
      sessionStorage.removeItem(REMEMBERED_USER);
    } else {
      sessionStorage.setItem(REMEMBERED_USER, chosen);
    }
    setName(chosen);
  };

  if (name === null) {
    return (
      <DemoUserCards
        portal={config.getOptionalString('app.title') ?? 'Backstage'}
        users={readDemoUsers(config)}
        onChoose={choose}
      />
    );
  }

  return (
    <ProxiedSignInPage
      provider="demo"
      headers={{ [DEMO_USER_HEADER]: name }}
      onSignInSuccess={identity =>
        onSignInSuccess(forgettingOnSignOut(identity))
      }
      ErrorComponent={({ error }) => (
        <main role="alert">
          <p>
            Could not sign in as {name}: {error?.message}
          </p>
          <Button variant="outlined" onClick={() => choose(null)}>
            Choose another user
          </Button>
        </main>
      )}
    />
  );
};
