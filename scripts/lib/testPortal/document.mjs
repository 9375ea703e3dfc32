// Blocks of documents that are marked as tested.
import { readFileSync } from 'node:fs';
import { inRoot } from '../paths.mjs';
import { Stop } from '../progress.mjs';

const MARKED =
  /<!-- tested: (?<name>[a-z-]+) -->\n+ *```(?<language>\w+)\n(?<text>[\s\S]*?)\n *```/g;

/** Reads the blocks of a text. Returns a function from name to block. */
export function blocksOf(text, document) {
  const blocks = new Map();
  for (const { groups } of text.matchAll(MARKED)) {
    if (blocks.has(groups.name)) {
      throw new Stop(`${document} has two blocks "${groups.name}".`);
    }
    blocks.set(groups.name, groups.text);
  }
  const marks = [...text.matchAll(/<!-- tested:/g)].length;
  if (marks !== blocks.size) {
    throw new Stop(
      `${document} has ${marks} marks "tested" and ${blocks.size} blocks behind them: ` +
        'a mark stands right before its block.',
    );
  }
  return name => {
    const block = blocks.get(name);
    if (block === undefined) {
      throw new Stop(`${document} has no block "${name}".`);
    }
    return block;
  };
}

/** Reads the blocks of a document, such as `docs/install.md`. */
export function readDocument(path) {
  return blocksOf(readFileSync(inRoot(path), 'utf8'), path);
}
