import { ConfigApi } from '@backstage/core-plugin-api';

export type DemoUser = {
  /** Name of the User entity. */
  name: string;
  title: string;
  /** Role of the person in the demo, in one line. */
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
