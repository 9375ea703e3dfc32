import { evidenceOf } from './evidenceOf';

const what = 'version in use';
const v1 = [{ what, value: 'v1' }];

it.each([
  ['what was seen before and after', { before: v1, after: v1 }, 'v1', 'v1'],
  ['nothing where nothing was', { before: [], after: v1 }, '—', 'v1'],
  ['that nothing was read after a failure', { before: v1 }, 'v1', 'not read'],
])('shows %s', (_what, seen, before, after) => {
  expect(evidenceOf({ state: 'failed', ...seen })).toEqual([
    { what, before, after },
  ]);
});

it('shows of a running step that it will be read', () => {
  expect(evidenceOf({ state: 'running', before: v1 })).toEqual([
    { what, before: 'v1', after: 'not read yet' },
  ]);
});
