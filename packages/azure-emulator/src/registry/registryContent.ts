import crypto from 'node:crypto';
import { gzipSync } from 'node:zlib';

export const REPOSITORY = 'app';
export const TAG = '1.0';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** An empty archive ends in two blocks of zeros. */
const LAYER_TAR = Buffer.alloc(1024);

const digestOf = (bytes: Buffer) =>
  `sha256:${crypto.createHash('sha256').update(bytes).digest('hex')}`;

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

const descriptor = (mediaType: string, bytes: Buffer) => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});

const config = json({
  architecture: 'amd64',
  os: 'linux',
  config: {},
  rootfs: { type: 'layers', diff_ids: [digestOf(LAYER_TAR)] },
});
const manifest = json({
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  config: descriptor(CONFIG_TYPE, config),
  layers: [descriptor(LAYER_TYPE, gzipSync(LAYER_TAR, { level: 9 }))],
});

/** The manifest of the image that every registry contains. */
export const IMAGE = {
  mediaType: MANIFEST_TYPE,
  digest: digestOf(manifest),
  bytes: manifest,
};
