import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import type { AuditIntegrity } from '../platform/audit/AuditIntegrity';
import type { Context } from '../platform/context';
import { migrationState } from '../platform/database/migrate';
import { authorize, json, type PolicyAnswer } from './authorize';

const CATALOG_MODULE =
  /[\\/](backstage-plugin-)?catalog-backend-module-acr-cmk[\\/]/;
const ALLOW_ALL = /[\\/]plugin-permission-backend-module-allow-all-policy[\\/]/;

/** A plugin of the same installation answers within this time, or is not installed. */
const ANSWER_WITHIN_MS = 5_000;

/** Whether something is installed, or the reason why that is not known. */
type Presence = { there: boolean } | { unknown: string };

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

/** Facts that only a running backend has. */
export type RunningBackend = ReturnType<typeof runningBackend>;

/** Facts of the running backend, from its own services. */
export function runningBackend(
  {
    db,
    clock,
    discovery,
    auth,
    backends,
  }: Pick<Context, 'db' | 'clock' | 'discovery' | 'auth' | 'backends'>,
  parts: {
    catalog: Pick<CatalogLinks, 'annotatedEntities' | 'misspeltAnnotations'>;
    /** The audit record, as far as this process has verified it. */
    audit: Pick<AuditIntegrity, 'state' | 'breaks'>;
    /** The last turn of the sync. Times are epoch milliseconds. */
    lastTurn: () => Promise<{ endedAt?: number; late?: string }>;
    /** Files of the modules that this process has loaded. */
    loadedFiles: () => readonly string[];
  },
) {
  const { audit, lastTurn } = parts;

  async function get(pluginId: string, path: string, init?: RequestInit) {
    return fetch(`${await discovery.getBaseUrl(pluginId)}${path}`, {
      ...init,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  }

  return {
    audit,
    lastTurn,
    database: {
      /** `better-sqlite3`, `pg`, … */
      client: String(db.client.config.client),
      migrations: () => migrationState(db),
      now: () => clock.now(),
      /** Writes a row inside of a transaction, and rolls it back. */
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

    /** Settings that differ among the backends of the database, in words. */
    differences: () => backends.differences(),

    /** Entities with an annotation of ours. */
    entities: () => parts.catalog.annotatedEntities(),

    /** Annotations of entities that are most likely meant to be ours. */
    misspeltAnnotations: () => parts.catalog.misspeltAnnotations(),

    /** Whether this process has loaded the catalog module. */
    catalogModuleLoaded: parts
      .loadedFiles()
      .some(file => CATALOG_MODULE.test(file)),

    /**
     * Whether a backend plugin is installed. Every one of Backstage answers here with its public keys, so that others
     * can check its tokens, or says that there are none (501). A portal answers 404, or its start page, for what it
     * does not know; every other answer means nothing.
     */
    hasPlugin: (pluginId: string) =>
      presence(async () => {
        const answer = await get(pluginId, '/.backstage/auth/v1/jwks.json');
        if (answer.status === 404) return { there: false };
        return answer.ok || answer.status === 501
          ? { there: (await json(answer)) !== undefined }
          : unexpected(answer);
      }),

    /** Whether the scaffolder has this action. */
    hasScaffolderAction: (id: string) =>
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
      /** Whether this process has loaded Backstage's module that allows everything. */
      allowAllModuleLoaded: parts
        .loadedFiles()
        .some(file => ALLOW_ALL.test(file)),
      /** Answer to a guest about the permissions that change something. */
      asGuest: () => askAsGuest(get),
    },
  };
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
  return authorize(
    init => call('permission', '/authorize', init),
    token,
    changes.map(permission => ({
      permission,
      // A made-up entity: a guest who may change it may change every entity.
      resourceRef: 'resource:default/acr-cmk-doctor-made-up',
    })),
  );
}
