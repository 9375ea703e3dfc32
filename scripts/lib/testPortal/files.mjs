import { readFileSync, writeFileSync } from 'node:fs';
import { Stop } from '../progress.mjs';

export const readJson = path => JSON.parse(readFileSync(path, 'utf8'));

export const writeJson = (path, value) =>
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

export function edit(path, change) {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Inserts text before, or in place of, a text that the scaffolded file must contain. */
export function replaceIn(path, wanted, replacement) {
  edit(path, text => {
    const at = text.lastIndexOf(wanted);
    if (at < 0) {
      throw new Stop(
        `${path} has no "${wanted}": create-app writes something else than docs/install.md describes.`,
      );
    }
    return text.slice(0, at) + replacement + text.slice(at + wanted.length);
  });
}
