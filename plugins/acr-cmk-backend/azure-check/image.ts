import crypto from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Answer, type Azure, expectSuccess } from './Azure';

const REPOSITORY = 'app';
const TAG = '1.0';
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

const digestOf = (bytes: Buffer) =>
  `sha256:${crypto.createHash('sha256').update(bytes).digest('hex')}`;

const descriptor = (mediaType: string, bytes: Buffer) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});

/** An image with one empty layer: two blocks of zeros end an archive. */
function smallestImage() {
  const tar = Buffer.alloc(1024);
  const layer = gzipSync(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: descriptor('application/vnd.oci.image.config.v1+json', config),
      layers: [
        descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer),
      ],
    }),
  );
  return { blobs: [layer, config], manifest };
}

/** Pulls the image as docker begins to: its manifest. */
export function pullImage(azure: Azure, host: string): Promise<Answer> {
  return azure.registry(
    'GET',
    { host, path: `/v2/${REPOSITORY}/manifests/${TAG}` },
    {
      scope: `repository:${REPOSITORY}:pull`,
      headers: { accept: MANIFEST_TYPE },
    },
  );
}

/** What pushing needs of `Azure`. */
export type RegistryRequests = Pick<Azure, 'registry'>;

/** Pushes the smallest image that there is. */
export async function pushImage(
  azure: RegistryRequests,
  host: string,
): Promise<void> {
  const scope = `repository:${REPOSITORY}:pull,push`;
  const { blobs, manifest } = smallestImage();
  for (const blob of blobs) {
    const begun = expectSuccess(
      'begin an upload',
      await azure.registry(
        'POST',
        { host, path: `/v2/${REPOSITORY}/blobs/uploads/` },
        {
          scope,
        },
      ),
    );
    const place = new URL(begun.headers.location, `https://${host}`);
    if (place.host !== host) {
      throw new Error(`An upload is at ${place.host}, not at the registry`);
    }
    place.searchParams.set('digest', digestOf(blob));
    expectSuccess(
      'upload a blob',
      await azure.registry(
        'PUT',
        { host, path: `${place.pathname}${place.search}` },
        {
          scope,
          body: blob,
          headers: { 'content-type': 'application/octet-stream' },
        },
      ),
    );
  }
  expectSuccess(
    'push a manifest',
    await azure.registry(
      'PUT',
      { host, path: `/v2/${REPOSITORY}/manifests/${TAG}` },
      {
        scope,
        body: manifest,
        headers: { 'content-type': MANIFEST_TYPE },
      },
    ),
  );
}
