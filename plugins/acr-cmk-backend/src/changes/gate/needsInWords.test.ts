import { needsInWords } from './approvers';

it('names the first of many needs, and counts the others', () => {
  const needs = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      permission: 'acr-cmk.key.rotate',
      entityRef: `resource:default/images-${n}`,
      because: `the registry images${n} uses this key`,
      hidden: false,
    }));
  const text = needsInWords(new Map(), needs(400));
  expect(text).toContain('because the registry images9 uses this key.');
  expect(text).not.toContain('images10');
  expect(text).toContain(' Needs 390 more approvals. Nobody is notified');
  expect(needsInWords(new Map(), needs(11))).toContain(
    'Needs 1 more approval.',
  );
  expect(needsInWords(new Map(), needs(10))).not.toContain('more');
});

it('names a need for another permission, however many there are of one', () => {
  const need = (permission: string) => ({
    permission,
    because: `${permission} is lacked`,
    hidden: false,
  });
  const text = needsInWords(new Map(), [
    ...Array(12).fill(need('acr-cmk.key.rotate')),
    need('acr-cmk.operation.approve'),
  ]);
  expect(text).toContain('because acr-cmk.operation.approve is lacked.');
  expect(text).toContain('Needs 3 more approvals.');
});
