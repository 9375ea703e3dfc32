// The table of versions in docs/install.md, which `yarn test:portal` writes.
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from '../paths.mjs';
import { Stop } from '../progress.mjs';

const START = '<!-- written by yarn test:portal: versions -->';
const TABLE = new RegExp(`(?<=${START}\\n\\n)(?:\\|.*\\n)+`);

const cellsOf = row =>
  row
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim());

/** Puts the result of a portal into its row of the table, or adds the row. */
export function withResult(text, { portal, backstage, result, on }) {
  const table = TABLE.exec(text)?.[0];
  if (!table) throw new Stop(`docs/install.md has no table behind ${START}`);
  const [head, line, ...rows] = table.trimEnd().split('\n').map(cellsOf);
  const row = [`\`${portal}\``, backstage, result, on];
  const others = rows.filter(([name]) => name !== row[0]);
  const at = rows.findIndex(([name]) => name === row[0]);
  others.splice(at < 0 ? others.length : at, 0, row);
  const all = [head, ...others];
  const widths = head.map((_, column) =>
    Math.max(...all.map(each => each[column].length)),
  );
  const written = [head, line.map((_, i) => '-'.repeat(widths[i])), ...others]
    .map(
      each =>
        `| ${each.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |\n`,
    )
    .join('');
  return text.replace(TABLE, () => written);
}

export function recordResult(result) {
  const path = inRoot('docs/install.md');
  writeFileSync(path, withResult(readFileSync(path, 'utf8'), result));
}
