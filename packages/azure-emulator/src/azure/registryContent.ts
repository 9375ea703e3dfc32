import crypto from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** One manifest of the image that every registry contains, or of an artifact that refers to it. */
export interface Manifest {
  digest: string;
  mediaType: string;
  bytes: Buffer;
  tags: string[];
  artifactType?: string;
}

export const REPOSITORY = 'app';
const TAG = '1.0';
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const SBOM_TYPE = 'application/spdx+json';

export const digestOf = (bytes: Buffer) =>
  `sha256:${crypto.createHash('sha256').update(bytes).digest('hex')}`;

/** An empty archive ends in two blocks of zeros. */
const LAYER_TAR = Buffer.alloc(1024);

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const descriptor = (mediaType: string, bytes: Buffer) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});

const layer = gzipSync(LAYER_TAR, { level: 9 });
const config = json({
  architecture: 'amd64',
  os: 'linux',
  config: {},
  rootfs: { type: 'layers', diff_ids: [digestOf(LAYER_TAR)] },
});
const image = json({
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  config: descriptor(CONFIG_TYPE, config),
  layers: [descriptor(LAYER_TYPE, layer)],
});
const empty = json({});
const sbom = json({ spdxVersion: 'SPDX-2.3', name: REPOSITORY });
const sbomManifest = json({
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  artifactType: SBOM_TYPE,
  config: descriptor(EMPTY_TYPE, empty),
  layers: [descriptor(SBOM_TYPE, sbom)],
  subject: descriptor(MANIFEST_TYPE, image),
});

/** The image and its bill of materials. */
export const MANIFESTS: readonly Manifest[] = [
  {
    digest: digestOf(image),
    mediaType: MANIFEST_TYPE,
    bytes: image,
    tags: [TAG],
  },
  {
    digest: digestOf(sbomManifest),
    mediaType: MANIFEST_TYPE,
    bytes: sbomManifest,
    tags: [],
    artifactType: SBOM_TYPE,
  },
];

export const TAGS = MANIFESTS.flatMap(({ tags }) => tags);

/** The blobs of the manifests, by digest. */
export const BLOBS: ReadonlyMap<string, Buffer> = new Map(
  [layer, config, empty, sbom].map(bytes => [digestOf(bytes), bytes]),
);

export function manifestOf(reference: string): Manifest | undefined {
  return MANIFESTS.find(
    ({ digest, tags }) => digest === reference || tags.includes(reference),
  );
}

/** The index of the artifacts that refer to a manifest. */
export function referrersOf(digest: string, artifactType: string | undefined) {
  const referrers = MANIFESTS.filter(
    manifest =>
      manifest.artifactType !== undefined &&
      digest === MANIFESTS[0].digest &&
      (artifactType === undefined || manifest.artifactType === artifactType),
  );
  return {
    schemaVersion: 2,
    mediaType: INDEX_TYPE,
    manifests: referrers.map(manifest => ({
      ...descriptor(manifest.mediaType, manifest.bytes),
      artifactType: manifest.artifactType,
    })),
  };
}
