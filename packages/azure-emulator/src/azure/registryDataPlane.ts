import { registry as errors } from '../errors';
import { Answer, Call, ok } from '../http';
import { Registry } from '../model';
import { hostLabel } from '../request';
import type { Needs, Route } from '../router';
import {
  BLOBS,
  INDEX_TYPE,
  manifestOf,
  MANIFESTS,
  referrersOf,
  REPOSITORY,
  TAGS,
} from './registryContent';
import { dotnetTime } from './systemData';

const PING: Needs = { kind: 'registry', access: 'ping' };
const CATALOG: Needs = { kind: 'registry', access: 'catalog' };
const PULL: Needs = { kind: 'registry', access: 'pull' };
const CHANGEABLE = {
  deleteEnabled: true,
  writeEnabled: true,
  readEnabled: true,
  listEnabled: true,
};

const METADATA: Needs = { kind: 'registry', access: 'metadata_read' };

/** The registry's data plane: the distribution API and ACR's own, for reading one image. */
export const registryDataPlaneRoutes: Route[] = [
  route('GET /v2', PING, () => ok({})),
  route('GET /v2/_catalog', CATALOG, () => ok({ repositories: [REPOSITORY] })),
  route('GET /v2/{repository}/tags/list', METADATA, () =>
    ok({ name: REPOSITORY, tags: TAGS }),
  ),
  route('GET /v2/{repository}/manifests/{reference}', PULL, manifest),
  route('HEAD /v2/{repository}/manifests/{reference}', PULL, manifest),
  route('GET /v2/{repository}/blobs/{digest}', PULL, blob),
  route('HEAD /v2/{repository}/blobs/{digest}', PULL, blob),
  route(
    'GET /v2/{repository}/referrers/{digest}',
    PULL,
    ({ params, request }) => {
      const type = request.query.get('artifacttype');
      return ok(referrersOf(params.digest, type), {
        'content-type': INDEX_TYPE,
        ...(type && { 'oci-filters-applied': 'artifactType' }),
      });
    },
  ),
  route('GET /acr/v1/_catalog', CATALOG, () =>
    ok({ repositories: [REPOSITORY] }),
  ),
  route('GET /acr/v1/{repository}', METADATA, call =>
    ok({
      ...head(call),
      ...times(call),
      imageName: REPOSITORY,
      manifestCount: MANIFESTS.length,
      tagCount: TAGS.length,
      changeableAttributes: CHANGEABLE,
    }),
  ),
  route('GET /acr/v1/{repository}/_tags', METADATA, call =>
    ok({ ...head(call), tags: TAGS.map(tag => tagJson(call, tag)) }),
  ),
  route('GET /acr/v1/{repository}/_tags/{tag}', METADATA, call => {
    const { tag } = call.params;
    if (!TAGS.includes(tag)) throw errors.noManifest(tag);
    return ok({ ...head(call), tag: tagJson(call, tag) });
  }),
  route('GET /acr/v1/{repository}/_manifests', METADATA, call =>
    ok({
      ...head(call),
      manifests: MANIFESTS.map(({ digest }) => manifestJson(call, digest)),
    }),
  ),
  route('GET /acr/v1/{repository}/_manifests/{digest}', METADATA, call =>
    ok({ ...head(call), manifest: manifestJson(call, call.params.digest) }),
  ),
];

/** @param name - method and path, such as `GET /v2` */
function route(
  name: string,
  needs: Needs,
  answer: (call: Call) => Answer,
): Route {
  const [method, path] = name.split(' ');
  return {
    service: 'registry',
    method,
    path,
    needs,
    answer: call => {
      const { repository } = call.params;
      if (repository !== undefined && repository !== REPOSITORY) {
        throw errors.noRepository();
      }
      return answer(call);
    },
  };
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
  const found = manifestOf(params.reference);
  if (!found) {
    throw errors.noManifest(params.reference);
  }
  return {
    status: 200,
    bytes: found.bytes,
    headers: {
      'content-type': found.mediaType,
      'docker-content-digest': found.digest,
      etag: `"${found.digest}"`,
    },
  };
}

function blob({ params }: Call): Answer {
  const bytes = BLOBS.get(params.digest);
  if (!bytes) {
    throw errors.noBlob();
  }
  return {
    status: 200,
    bytes,
    headers: {
      'content-type': 'application/octet-stream',
      'docker-content-digest': params.digest,
      'accept-ranges': 'bytes',
    },
  };
}

function head({ request }: Call) {
  return {
    registry: request.host.replace(/:\d+$/, ''),
    imageName: REPOSITORY,
  };
}

/** Everything was pushed when the registry was created. */
function times({ azure, request }: Call) {
  const { createdAt } = azure.registriesByName.first(hostLabel(request))!;
  const time = dotnetTime(createdAt);
  return { createdTime: time, lastUpdateTime: time };
}

function tagJson(call: Call, name: string) {
  return {
    name,
    digest: manifestOf(name)!.digest,
    ...times(call),
    signed: false,
    changeableAttributes: CHANGEABLE,
  };
}

function manifestJson(call: Call, digest: string) {
  const found = MANIFESTS.find(other => other.digest === digest);
  if (!found) {
    throw errors.noManifest(digest);
  }
  return {
    digest,
    imageSize: found.bytes.length,
    ...times(call),
    ...(found.artifactType
      ? { artifactType: found.artifactType }
      : { architecture: 'amd64', os: 'linux' }),
    mediaType: found.mediaType,
    ...(found.tags.length && { tags: found.tags }),
    changeableAttributes: CHANGEABLE,
  };
}
