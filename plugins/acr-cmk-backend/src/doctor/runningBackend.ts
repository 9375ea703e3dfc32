import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import type { Clock } from '../platform/database/clock';
import { migrationState } from '../platform/database/migrate';
import type { PolicyAnswer, Presence, RunningBackend } from './check';

const ALLOW_ALL = /[\\/]plugin-permission-backend-module-allow-all-policy[\\/]/;

/** A plugin of the same installation answers within this time, or is not installed. */
const ANSWER_WITHIN_MS = 5_000;

class RolledBack extends Error {}

const unexpected = ({ status }: Response): Presence => ({
  unknown: `it answered with the status ${status}`,
});

/** Unknown when the request fails: a plugin that cannot be reached may be installed. */
async function presence(ask: () => Promise<Presence>): Promise<Presence> {
  try {
    return await ask();
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { unknown: `the request failed (${cause?.message || message})` };
  }
}

/** Facts of the running backend, from its own services. */
export function runningBackend(options: {
  db: Knex;
  clock: Clock;
  catalog: CatalogLinks;
  discovery: DiscoveryService;
  auth: AuthService;
  audit: RunningBackend['audit'];
  lastTurn: RunningBackend['lastTurn'];
  /** Files of the modules that this process has loaded. */
  loadedFiles: () => readonly string[];
}): RunningBackend {
  const { db, clock, catalog, discovery, auth } = options;

  async function get(pluginId: string, path: string, init?: RequestInit) {
    return fetch(`${await discovery.getBaseUrl(pluginId)}${path}`, {
      ...init,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  }

  return {
    audit: options.audit,
    lastTurn: options.lastTurn,
    database: {
      client: String(db.client.config.client),
      migrations: () => migrationState(db),
      now: () => clock.now(),
      async tryWrite() {
        try {
          await db.transaction(async trx => {
            await trx('facts').insert({ kind: 'doctor', subject: 'doctor' });
            throw new RolledBack();
          });
        } catch (error) {
          if (!(error instanceof RolledBack)) throw error;
        }
      },
    },
    entities: () => catalog.annotatedEntities(),

    /**
     * Every backend plugin of Backstage answers here with its public keys, so that others can check
     * its tokens, or says that there are none (501). A portal answers 404, or its start page, for what it
     * does not know; every other answer means nothing.
     */
    hasPlugin: pluginId =>
      presence(async () => {
        const answer = await get(pluginId, '/.backstage/auth/v1/jwks.json');
        if (answer.status === 404) return { there: false };
        return answer.ok || answer.status === 501
          ? { there: (await json(answer)) !== undefined }
          : unexpected(answer);
      }),

    hasScaffolderAction: id =>
      presence(async () => {
        const { token } = await auth.getPluginRequestToken({
          onBehalfOf: await auth.getOwnServiceCredentials(),
          targetPluginId: 'scaffolder',
        });
        const answer = await get('scaffolder', '/v2/actions', {
          headers: { Authorization: `Bearer ${token}` },
        });
        const body = answer.ok
          ? await json<({ id?: string } | null)[]>(answer)
          : undefined;
        return Array.isArray(body)
          ? { there: body.some(action => action?.id === id) }
          : unexpected(answer);
      }),

    policy: {
      allowAllModuleLoaded: options
        .loadedFiles()
        .some(file => ALLOW_ALL.test(file)),
      asGuest: () => askAsGuest(get),
    },
  };
}

/** Reads the body of an answer; undefined when it is no JSON. */
async function json<T>(answer: Response): Promise<T | undefined> {
  try {
    return (await answer.json()) as T;
  } catch {
    return undefined;
  }
}

/** Signs in by the guest provider, if it is on, and asks the policy about every permission to change something. */
async function askAsGuest(
  call: (
    pluginId: string,
    path: string,
    init?: RequestInit,
  ) => Promise<Response>,
): Promise<PolicyAnswer> {
  const signedIn = await call('auth', '/guest/refresh', {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  const token = signedIn.ok
    ? (await json<{ backstageIdentity?: { token?: string } }>(signedIn))
        ?.backstageIdentity?.token
    : undefined;
  if (typeof token !== 'string') {
    return { asked: false, why: 'nobody can sign in as guest' };
  }
  const changes = acrCmkPermissions.filter(
    ({ attributes }) => attributes.action !== 'read',
  );
  const answer = await call('permission', '/authorize', {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      items: changes.map((permission, index) => ({
        id: `${index}`,
        permission,
        // A made-up entity: a guest who may change it may change every entity.
        ...(isResourcePermission(permission)
          ? { resourceRef: 'resource:default/acr-cmk-doctor-made-up' }
          : {}),
      })),
    }),
  });
  const items = answer.ok
    ? (
        await json<{ items?: ({ id?: string; result?: string } | null)[] }>(
          answer,
        )
      )?.items
    : undefined;
  if (!Array.isArray(items)) {
    return {
      asked: false,
      why: `the permission backend answered with ${answer.status}`,
    };
  }
  const given = new Set(
    items
      .filter(item => item?.result === AuthorizeResult.ALLOW)
      .map(item => Number(item?.id)),
  );
  return {
    asked: true,
    allowed: changes
      .filter((_, index) => given.has(index))
      .map(({ name }) => name),
  };
}
