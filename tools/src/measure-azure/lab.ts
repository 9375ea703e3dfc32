import {
  type Answer,
  type AzureRequests,
  done,
} from 'backstage-plugin-acr-cmk-backend/src/azure/__testUtils__/azureRequests';
import {
  type Identity,
  type Model,
  TestGroup,
} from 'backstage-plugin-acr-cmk-backend/src/azure/__testUtils__/TestGroup';

/** Longest that it runs. A Premium registry costs 0.07 EUR an hour, and the rest less than a cent. */
export const MOST_HOURS = 12;
export const MOST_EUROS = 0.9;

/** Limit of a wait; what takes longer never happens. Seconds. */
export const LIMIT = 3600;
const PULLED =
  'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json';

/** A duration, as far as it can be seen from outside. Seconds. */
export interface Span {
  atLeast: number;
  /** Null: it had not happened when the wait ended. */
  atMost: number | null;
}

export interface Deps {
  azure: AzureRequests;
  subscriptionId: string;
  location: string;
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<unknown>;
  say(line: string): void;
}

/** An answer, and when its request left and when it came. */
export interface Timed extends Answer {
  sentAt: number;
  answeredAt: number;
}

export type Lab = ReturnType<typeof createLab>;

/** One registry with a key in each of two vaults, and what can be done to them. */
export function createLab({ azure, subscriptionId, location, ...deps }: Deps) {
  const { now, sleep } = deps;
  const endsAt = now() + MOST_HOURS * 3_600_000;
  const group = new TestGroup({
    azure,
    subscriptionId,
    location,
    purpose: 'measure',
    sleep,
  });
  const registryId = group.registryId('measure');
  const host = `${group.registryName('measure')}.${azure.cloud.registrySuffix}`;
  const keyUrl = (model: Model) => `${group.vaultUrl(model)}/keys/measure`;
  let identity: Identity;

  async function timed(asked: () => Promise<Answer>): Promise<Timed> {
    const sentAt = now();
    const answer = await done('change something', asked());
    return { ...answer, sentAt, answeredAt: now() };
  }

  /** Looks again and again until it is so; each pause is a tenth of what has passed. */
  async function until(
    isSo: () => Promise<boolean>,
    since = { sentAt: now(), answeredAt: now() },
    limitSeconds = LIMIT,
  ): Promise<Span> {
    for (let atLeast = 0; ;) {
      const lookedAt = now();
      if (await isSo()) {
        return { atLeast, atMost: (now() - since.sentAt) / 1000 };
      }
      atLeast = Math.max(0, (lookedAt - since.answeredAt) / 1000);
      if (now() > endsAt) throw new Error(`the ${MOST_HOURS} hours are over`);
      if (atLeast >= limitSeconds) return { atLeast, atMost: null };
      await sleep(Math.min(60, Math.max(1, atLeast / 10)) * 1000);
    }
  }

  async function versions(model: Model): Promise<string[]> {
    const url = `${keyUrl(model)}/versions`;
    const { json } = await done('list versions', azure.vault('GET', url));
    return json.value.map(({ kid }: { kid: string }) => kid);
  }

  /** Changes the registry, and waits for the end of the operation. */
  async function patch(body: object) {
    const accepted = await timed(() => azure.arm('PATCH', registryId, body));
    const statuses: string[] = [];
    const took = await until(async () => {
      const url = accepted.headers['azure-asyncoperation'];
      statuses.push((await azure.arm('GET', url)).json.status);
      return ['Succeeded', 'Failed'].includes(statuses.at(-1)!);
    }, accepted);
    return { accepted, statuses, took };
  }

  /** Pulls the manifest as docker does; the first refusal is the answer. */
  async function pull(): Promise<Answer> {
    const form = (path: string, fields: Record<string, string>) =>
      azure.send('POST', new URL(`https://${host}${path}`), {
        body: new URLSearchParams({ service: host, ...fields }),
        maxRetries: 0,
      });
    const exchanged = await form('/oauth2/exchange', {
      grant_type: 'access_token',
      access_token: await azure.token(),
    });
    if (exchanged.status !== 200) return exchanged;
    const issued = await form('/oauth2/token', {
      grant_type: 'refresh_token',
      refresh_token: exchanged.json.refresh_token,
      scope: 'repository:app:pull',
    });
    if (issued.status !== 200) return issued;
    const url = new URL(`https://${host}/v2/app/manifests/1.0`);
    return azure.send('GET', url, {
      token: issued.json.access_token,
      headers: { accept: PULLED },
      maxRetries: 0,
    });
  }

  return {
    ...deps,
    azure,
    subscriptionId,
    location,
    group,
    registryId,
    host,
    keyUrl,
    timed,
    until,
    versions,
    patch,
    pull,

    setAccess: (model: Model, isAllowed: boolean) =>
      timed(() =>
        group.setAccess(
          model,
          { key: 'measure', principalId: identity.principalId },
          isAllowed,
        ),
      ),

    useKey: (keyIdentifier: string) =>
      patch({
        properties: {
          encryption: {
            status: 'enabled',
            keyVaultProperties: { keyIdentifier, identity: identity.clientId },
          },
        },
      }),

    async versionInUse(): Promise<string> {
      const { json } = await azure.arm('GET', registryId);
      return json.properties.encryption.keyVaultProperties
        .versionedKeyIdentifier;
    },

    async query(query: string, options: object = {}) {
      const { json } = await done(
        'query Resource Graph',
        azure.arm('POST', '/providers/Microsoft.ResourceGraph/resources', {
          subscriptions: [subscriptionId],
          query,
          options: { resultFormat: 'objectArray', ...options },
        }),
      );
      return json as { data: any[]; $skipToken?: string };
    },

    /** Makes the registry with an image. */
    async makeRegistry() {
      identity = await group.makeIdentity('id-measure');
      for (const model of ['roles', 'policies'] as const) {
        await group.makeKey(model, 'measure');
        await group.makeKey(model, 'measure');
        await this.setAccess(model, true);
      }
      await group.makeRegistry('measure', {
        identity,
        keyIdentifier: keyUrl('roles'),
        model: 'roles',
      });
      if ((await pull()).status === 404) {
        await timed(() =>
          azure.arm('POST', `${registryId}/importImage`, {
            source: {
              registryUri: 'mcr.microsoft.com',
              sourceImage: 'hello-world:latest',
            },
            targetTags: ['app:1.0'],
          }),
        );
      }
      await until(async () => (await pull()).status === 200);
    },
  };
}
