import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DIGEST_KINDS, EVENT_KINDS } from '.';

it('stands with its name, way and topic in docs/notifications.md', () => {
  const document = readFileSync(
    resolve(__dirname, '../../../../../docs/notifications.md'),
    'utf8',
  );
  const rows = document
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').map(cell => cell.trim().replaceAll('`', '')))
    .map(([, kind, , , how, topic]) => [kind, how, topic]);
  const said = (kinds: Record<string, { topic: string }>, how: string) =>
    Object.entries(kinds).map(([kind, { topic }]) => [kind, how, topic]);
  expect(rows).toEqual([
    ...said(DIGEST_KINDS, 'in the digest'),
    ...said(EVENT_KINDS, 'at once'),
  ]);
});
