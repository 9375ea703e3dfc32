import { hostInCloud, otherCloud } from 'backstage-plugin-acr-cmk-common';
import { refusedInput } from '../armIds';
import { AzureError } from '../AzureError';
import type { AzureClients } from '../client';
import type { PullAnswer } from '../ports';
import { read } from '../transport/call';
import { sendPlain, type PlainRequest } from '../transport/send';

/** The first part of a login server: a registry's name, with a hash behind it when its domain name label asks for one. */
const LOGIN_LABEL = /^[a-z0-9][a-z0-9-]{3,61}[a-z0-9]$/i;
const REPOSITORY = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;

/** Kinds of manifests, so that a registry does not convert the one that it has. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Text of the refusal by network rules: "client with IP '…' is not allowed access. Refer https://aka.ms/acr/firewall". */
const NOT_ADMITTED = /is not allowed access|aka\.ms\/acr\/firewall/i;

interface Answered {
  status: number;
  body?: string;
}

/** Tests pulls from a registry: without a credential, and then with the read credential where it may pull. */
export function createPullTest(
  clients: AzureClients,
): (loginServer: string) => Promise<PullAnswer> {
  const { cloud, probeLimits } = clients;

  function hostOf(loginServer: string): string {
    const host = loginServer.toLowerCase();
    const found = hostInCloud(host, 'registrySuffix');
    if (!found || !LOGIN_LABEL.test(found.label)) {
      throw refusedInput('The login server is not one of a registry');
    }
    if (found.cloud.name !== cloud.name) {
      throw refusedInput(`${host} ${otherCloud(found.cloud, cloud)}`);
    }
    return host;
  }

  const targetOf = (loginServer: string) => ({
    doing: `reach the registry at ${loginServer.slice(0, 100)}`,
    scope: loginServer.slice(0, 100),
    action: 'Microsoft.ContainerRegistry/registries/pull/read',
    role: 'AcrPull',
  });

  /** The manifest of the first image. Nothing where the read credential may not pull, or there is no image. */
  async function pullSignedIn(host: string): Promise<Answered | undefined> {
    try {
      const { value } = await read(
        { ...targetOf(host), credential: 'read' },
        probeLimits,
        async () => pullFirstImage(host, await clients.registryToken('read')),
      );
      return value;
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      return undefined;
    }
  }

  return async loginServer => {
    const { value: first } = await read(
      targetOf(loginServer),
      probeLimits,
      async (): Promise<Answered & { host: string }> => {
        const host = hostOf(loginServer);
        const url = `https://${host}/v2/`;
        return { host, ...(await sendPlain({ url, readsBodyOf: [403] })) };
      },
    );
    const signedIn =
      first.status === 401 ? await pullSignedIn(first.host) : undefined;
    const { status, body } = signedIn ?? first;
    return {
      how: signedIn ? 'signed-in' : 'anonymous',
      status,
      ...(status === 403 &&
        NOT_ADMITTED.test(body ?? '') && { notAdmitted: true as const }),
    };
  };
}

/** A request before the one for the manifest was not answered as it has to be. */
class Stopped extends Error {
  constructor(readonly answer: Answered) {
    super(`HTTP ${answer.status}`);
  }
}

/**
 * Signs in by Microsoft's documented exchange of tokens, and asks for the manifest of the first tag of the first
 * repository.
 *
 * @returns 200, or the 403 that one of the requests got; else nothing
 */
async function pullFirstImage(
  host: string,
  entraToken: string,
): Promise<Answered | undefined> {
  async function ask(path: string, sent: Omit<PlainRequest, 'url'>) {
    const answer = await sendPlain({
      url: `https://${host}${path}`,
      readsBodyOf: [200, 403],
      ...sent,
    });
    if (answer.status !== 200) throw new Stopped(answer);
    return answer;
  }
  const json = async (path: string, sent: Omit<PlainRequest, 'url'>) =>
    JSON.parse((await ask(path, sent)).body ?? '');
  const get = (path: string, token: string) =>
    json(path, { headers: { authorization: `Bearer ${token}` } });
  try {
    const exchanged = await json('/oauth2/exchange', {
      form: {
        grant_type: 'access_token',
        service: host,
        access_token: entraToken,
      },
    });
    const tokenFor = async (scope: string): Promise<string> =>
      (
        await json('/oauth2/token', {
          form: {
            grant_type: 'refresh_token',
            service: host,
            scope,
            refresh_token: `${exchanged.refresh_token}`,
          },
        })
      ).access_token;
    const catalogToken = await tokenFor('registry:catalog:*');
    const { repositories } = await get('/v2/_catalog?n=1', catalogToken);
    const repository = firstOf(repositories, REPOSITORY);
    const token = await tokenFor(`repository:${repository}:pull,metadata_read`);
    const { tags } = await get(`/v2/${repository}/tags/list?n=1`, token);
    const path = `/v2/${repository}/manifests/${firstOf(tags, TAG)}`;
    return await ask(path, {
      headers: { accept: MANIFESTS, authorization: `Bearer ${token}` },
      readsBodyOf: [403],
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return error.answer.status === 403 ? error.answer : undefined;
  }
}

/** The first name of a list, which becomes a part of a path. */
function firstOf(names: unknown, pattern: RegExp): string {
  const [name] = Array.isArray(names) ? names : [];
  if (typeof name === 'string' && pattern.test(name)) return name;
  throw new Stopped({ status: 200 });
}
