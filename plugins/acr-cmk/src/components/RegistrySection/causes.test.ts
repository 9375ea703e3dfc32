import type { Finding } from 'backstage-plugin-acr-cmk-common';
import { messagesOf } from './causes';

const finding = (
  id: string,
  of: Partial<Finding> & Pick<Finding, 'verdict'>,
): Finding => ({ id, severity: 'warning', message: id, ...of });

it('makes one message of the findings that could not be checked for the same reason', () => {
  const detail = 'Azure denies vaults/read';
  const messages = messagesOf([
    finding('a', { verdict: 'undecided', detail }),
    finding('b', { verdict: 'found', detail }),
    finding('c', { verdict: 'undecided', detail }),
    finding('d', { verdict: 'undecided', detail: 'Azure is throttling' }),
    finding('e', { verdict: 'undecided' }),
    finding('f', { verdict: 'undecided' }),
  ]);
  expect(
    messages.map(({ findings }) => findings.map(({ id }) => id).join()),
  ).toEqual(['a,c', 'b', 'd', 'e', 'f']);
});
