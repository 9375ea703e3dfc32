import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { writeAtomically } from './store';
import { ACTORS, type PrincipalName } from '../worlds/principals';

export interface SignInSecrets {
  /** Signs access tokens. */
  tokenSecret: string;
  /** The secret of each principal that can sign in, by client id. */
  clientSecrets: Record<string, string>;
}

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

const FILE = 'secrets.json';

/** The secrets in a directory; they are generated when it has none. */
export function openSecrets(directory: string): SignInSecrets {
  const file = path.join(directory, FILE);
  if (fs.existsSync(file)) {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as SignInSecrets;
  }
  const random = () => crypto.randomBytes(24).toString('hex');
  const created: SignInSecrets = {
    tokenSecret: random(),
    clientSecrets: Object.fromEntries(
      ACTORS.map(({ principal }) => [principal.appId, random()]),
    ),
  };
  writeAtomically(file, JSON.stringify(created));
  return created;
}

/** The credentials of each principal. */
export function credentialsFrom({
  clientSecrets,
}: SignInSecrets): Record<PrincipalName, Credentials> {
  return Object.fromEntries(
    ACTORS.map(({ name, principal: { appId } }) => [
      name,
      { clientId: appId, clientSecret: clientSecrets[appId] },
    ]),
  ) as Record<PrincipalName, Credentials>;
}
