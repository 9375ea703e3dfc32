import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DIGEST_TOPIC, EVENT_KINDS, GROUPED_KINDS, topicOf } from '.';

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
  expect(rows).toEqual([
    ...Object.keys(GROUPED_KINDS).map(kind => [
      kind,
      topicOf(kind) === DIGEST_TOPIC ? 'in the digest' : 'at once',
      topicOf(kind),
    ]),
    ...Object.entries(EVENT_KINDS).map(([kind, { topic }]) => [
      kind,
      'at once',
      topic,
    ]),
  ]);
});
