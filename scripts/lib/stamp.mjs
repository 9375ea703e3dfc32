import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './paths.mjs';

function* filesBelow(path) {
  const absolute = join(root, path);
  if (!existsSync(absolute)) {
    return;
  }
  if (!statSync(absolute).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(absolute).sort()) {
    if (name !== 'node_modules' && name !== 'dist') {
      yield* filesBelow(join(path, name));
    }
  }
}

/** Hash of the content of files and folders, and of further texts. */
export function fingerprint(paths, ...more) {
  const hash = createHash('sha256').update(more.join('\0'));
  for (const path of paths) {
    for (const file of filesBelow(path)) {
      hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
    }
  }
  return hash.digest('hex');
}

/** Tells whether a stamp was written for the same input. */
export function isStamped(stampFile, value) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === value;
}

export function writeStamp(stampFile, value) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, value);
}
