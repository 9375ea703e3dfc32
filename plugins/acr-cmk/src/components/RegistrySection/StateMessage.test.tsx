import { screen } from '@testing-library/react';
import type { Pulls, RegistryState } from 'backstage-plugin-acr-cmk-common';
import { minutesAgo, uuid } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { renderView } from '../../__testUtils__/render';
import { StateMessage } from './StateMessage';

function show(
  revoked: Partial<NonNullable<RegistryState['revoked']>> | 'not shown',
) {
  renderView(
    <div data-testid="message">
      <StateMessage
        state={{
          id: 'revoked',
          message: 'The registry has no access to its key',
          revoked:
            revoked === 'not shown'
              ? undefined
              : {
                  operationId: uuid(101),
                  by: 'user:default/priya',
                  reason: 'Incident 4711',
                  at: minutesAgo(20),
                  ...revoked,
                },
        }}
        word={undefined}
        finding={undefined}
        onShowOperation={() => undefined}
      />
    </div>,
    { api: new InMemoryAcrCmk() },
  );
  return screen.findByTestId('message');
}

const pulls = (change: Partial<Pulls>): Pulls => ({
  wanted: 'refused',
  state: 'watching',
  until: minutesAgo(-100),
  ...change,
});

describe('the message of a revoked registry', () => {
  it('says who deleted the key', async () => {
    expect(await show({ deletedKey: true })).toHaveTextContent(
      /Deleted by .*priya/i,
    );
  });

  it('names the registry that the revoke was of, when that was another one', async () => {
    expect(await show({ registryName: 'sharedbase' })).toHaveTextContent(
      'sharedbase was the target of the revoke.',
    );
  });

  it('does not name itself', async () => {
    expect(await show({})).not.toHaveTextContent(
      'was the target of the revoke',
    );
  });

  it('is the state alone for those who may not see who did it', async () => {
    const message = await show('not shown');
    expect(message).toHaveTextContent('The registry has no access to its key');
    expect(message).not.toHaveTextContent(/undefined|by|reason/i);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each<[string, Pulls, RegExp]>([
    [
      'since when pulls are refused',
      pulls({ state: 'reached', since: minutesAgo(5), status: 403 }),
      /Pulls are refused, first seen 5 min/,
    ],
    [
      'that pulls are still answered',
      pulls({ status: 401, checkedAt: minutesAgo(1) }),
      /Testing pulls until the registry refuses them\. Last answer: HTTP 401/,
    ],
    [
      'that pulls were never refused',
      pulls({ state: 'unreached', status: 401, checkedAt: minutesAgo(1) }),
      /still did not refuse pulls when the test ended/,
    ],
  ])('says %s', async (_what, seen, words) => {
    expect(await show({ pulls: seen })).toHaveTextContent(words);
  });
});
