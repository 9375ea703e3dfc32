import { ConfigApi } from '@backstage/core-plugin-api';

export type DemoUser = {
  /** Name of the User entity. */
  name: string;
  title: string;
  /** One line that says what this person is in the demo. */
  about: string;
};

export function readDemoUsers(config: ConfigApi): DemoUser[] {
  const users = config.getOptionalConfigArray('auth.providers.demo.users');
  return (users ?? []).map(user => ({
    name: user.getString('name'),
    title: user.getString('title'),
    about: user.getString('about'),
  }));
}
