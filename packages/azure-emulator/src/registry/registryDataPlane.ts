import { registry as errors } from '../errors';
import { Registry } from '../state/model';
import { IMAGE, REPOSITORY, TAG } from './registryContent';
import type { Answer, Call, Needs, Route } from '../types';
import { ok } from '../http/answers';
import { hostLabel } from '../http/hosts';
import { routesOf } from '../http/route';

const PING: Needs = { kind: 'registry', access: 'ping' };
const CATALOG: Needs = { kind: 'registry', access: 'catalog' };
const PULL: Needs = { kind: 'registry', access: 'pull' };
const METADATA: Needs = { kind: 'registry', access: 'metadata_read' };

/** The data plane of a registry: lists its one image, and shows the manifest. */
export const registryDataPlaneRoutes: Route[] = [
  route('GET /v2', PING, () => ok({})),
  route('GET /v2/_catalog', CATALOG, () => ok({ repositories: [REPOSITORY] })),
  route('GET /v2/{repository}/tags/list', METADATA, () =>
    ok({ name: REPOSITORY, tags: [TAG] }),
  ),
  route('GET /v2/{repository}/manifests/{reference}', PULL, manifest),
  route('HEAD /v2/{repository}/manifests/{reference}', PULL, manifest),
];

function route(name: string, needs: Needs, answer: (call: Call) => Answer) {
  return routesOf('registry')(name, needs, call => {
    const { repository } = call.params;
    if (repository !== undefined && repository !== REPOSITORY) {
      throw errors.noRepository();
    }
    return answer(call);
  });
}

/** The registry of the host, if it can access its key: all its data is encrypted with it. */
export function readableRegistry({
  azure,
  request,
}: Pick<Call, 'azure' | 'request'>): Registry {
  const name = hostLabel(request);
  const registry = azure.registriesByName.first(name);
  if (!registry || registry.provisioningState === 'Creating') {
    throw errors.noSuchRegistry(name);
  }
  const verdict = azure.pulls.verdict(registry);
  if (!verdict.serves) {
    throw errors.keyOutOfReach(verdict.message, verdict.how);
  }
  return registry;
}

function manifest({ params }: Call): Answer {
  const { bytes, digest, mediaType } = IMAGE;
  if (![TAG, digest].includes(params.reference)) {
    throw errors.noManifest(params.reference);
  }
  return {
    status: 200,
    bytes,
    headers: {
      'content-type': mediaType,
      'docker-content-digest': digest,
      etag: `"${digest}"`,
    },
  };
}
