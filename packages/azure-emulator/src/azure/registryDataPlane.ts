import crypto from 'node:crypto';
import { registry as errors } from '../errors';
import { Answer, Call, ok } from '../http';
import { Registry } from '../model';
import { hostLabel } from '../request';
import type { Route } from '../router';
import { reachOfVersionInUse } from '../rules/registryKey';

const REPOSITORY = 'app';
const TAG = '1.0';
const CONFIG = {
  architecture: 'amd64',
  os: 'linux',
  rootfs: { type: 'layers', diff_ids: [] },
};
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const MANIFEST = {
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  config: {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(CONFIG),
    size: JSON.stringify(CONFIG).length,
  },
  layers: [],
};

/** The registry's data plane, limited to pulling its one image. Anonymous. */
export const registryDataPlaneRoutes: Route[] = [
  {
    service: 'registry',
    method: 'GET',
    path: '/v2',
    needs: { kind: 'nothing' },
    answer: call => {
      readable(call);
      return ok({});
    },
  },
  {
    service: 'registry',
    method: 'GET',
    path: '/v2/_catalog',
    needs: { kind: 'nothing' },
    answer: call => {
      readable(call);
      return ok({ repositories: [REPOSITORY] });
    },
  },
  {
    service: 'registry',
    method: 'GET',
    path: '/v2/{repository}/tags/list',
    needs: { kind: 'nothing' },
    answer: call => {
      readable(call);
      checkRepository(call);
      return ok({ name: REPOSITORY, tags: [TAG] });
    },
  },
  {
    service: 'registry',
    method: 'GET',
    path: '/v2/{repository}/manifests/{reference}',
    needs: { kind: 'nothing' },
    answer: manifest,
  },
  {
    service: 'registry',
    method: 'HEAD',
    path: '/v2/{repository}/manifests/{reference}',
    needs: { kind: 'nothing' },
    answer: manifest,
  },
  {
    service: 'registry',
    method: 'GET',
    path: '/v2/{repository}/blobs/{digest}',
    needs: { kind: 'nothing' },
    answer: call => {
      readable(call);
      checkRepository(call);
      if (call.params.digest !== digestOf(CONFIG)) {
        throw errors.noManifest(call.params.digest);
      }
      return ok(CONFIG);
    },
  },
];

function digestOf(value: unknown): string {
  const hash = crypto.createHash('sha256').update(JSON.stringify(value));
  return `sha256:${hash.digest('hex')}`;
}

/** The registry, if it can access its key: all its data is encrypted with it. */
function readable(call: Call): Registry {
  const name = hostLabel(call.request);
  const registry = call.azure.registriesByName.first(name);
  if (!registry || registry.provisioningState === 'Creating') {
    throw errors.noSuchRegistry(name);
  }
  const reach = reachOfVersionInUse(call.azure, registry);
  if (!reach.reaches) {
    throw errors.keyOutOfReach(reach.message);
  }
  return registry;
}

function checkRepository({ params }: Call) {
  if (params.repository !== REPOSITORY) {
    throw errors.noRepository();
  }
}

function manifest(call: Call): Answer {
  readable(call);
  checkRepository(call);
  const { reference } = call.params;
  const digest = digestOf(MANIFEST);
  if (reference !== TAG && reference !== digest) {
    throw errors.noManifest(reference);
  }
  return ok(MANIFEST, {
    'content-type': MANIFEST_TYPE,
    'docker-content-digest': digest,
  });
}
