import { cleanup, screen, waitFor } from '@testing-library/react';
import type {
  Finding,
  Pulls,
  RegistryState,
} from 'backstage-plugin-acr-cmk-common';
import { minutesAgo, uuid } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { renderView } from '../../__testUtils__/render';
import { StateDetail, StateMessage } from './StateMessage';

function show(
  revoked: Partial<NonNullable<RegistryState['revoked']>> | 'not shown',
  {
    finding,
    mayRestore = false,
  }: { finding?: Finding; mayRestore?: boolean } = {},
) {
  const state: RegistryState = {
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
  };
  renderView(
    <div data-testid="message">
      <StateMessage state={state} word={undefined} />
      <StateDetail
        state={state}
        finding={finding}
        mayRestore={mayRestore}
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
  it('does not promise the restore again whose time has passed', async () => {
    const restoresAt = minutesAgo(-10);
    expect(await show({ restoresAt })).toHaveTextContent(
      'Restores automatically in 10 minutes',
    );
    cleanup();
    expect(await show({ restoresAt, restoreOverdue: true })).toHaveTextContent(
      'Its automatic restore is due, and has not succeeded yet. Next attempt in 10 minutes',
    );
  });

  it('tells the person who revoked it to ask others only', async () => {
    // As the person whom the tests sign in.
    const by = 'user:default/test';
    const message = await show({
      by,
      askedOf: ['group:default/platform-team'],
    });
    await waitFor(() =>
      expect(message).toHaveTextContent(/Whom to askplatform-team$/),
    );
  });

  const finding: Finding = {
    id: 'no-access-path',
    severity: 'error',
    verdict: 'found',
    message: 'The registry has no access to its key',
    detail: 'No role assignment with read, wrap and unwrap',
    remedy: 'Assign the role to the object id 9f49',
  };

  it('says who did it on purpose, why, until when and whom to ask, and not how to undo it by hand', async () => {
    const message = await show(
      { askedOf: ['group:default/platform-team'] },
      { finding },
    );
    expect(message).toHaveTextContent(
      /^Access to the key was revoked on purpose.*Revoked bypriya, 20 minutes ago.*WhyIncident 4711UntilSomebody restores it by handWhom to askpriya, platform-team/,
    );
    expect(message).not.toHaveTextContent(/assign|9f49/i);
    // The documentation has the commands.
    expect(screen.queryByRole('link', { name: /More about/ })).toBeNull();
  });

  it('says whom to ask only to those who cannot restore it', async () => {
    expect(await show({}, { mayRestore: true })).not.toHaveTextContent(
      'Whom to ask',
    );
  });

  it('says what to do where nobody did it from this portal', async () => {
    expect(await show('not shown', { finding })).toHaveTextContent(
      'The registry has no access to its key' +
        'No role assignment with read, wrap and unwrap. ' +
        'What to do: Assign the role to the object id 9f49',
    );
  });

  it('says who deleted the key', async () => {
    const message = await show({ deletedKey: true });
    expect(message).toHaveTextContent(
      /^The registry has no access to its key.*Deleted by.*priya/i,
    );
    expect(message).not.toHaveTextContent('on purpose');
  });

  it('names the registry that the revoke was of, when that was another one', async () => {
    expect(await show({ registryName: 'sharedbase' })).toHaveTextContent(
      'sharedbase was the target of the revoke.',
    );
  });

  it('says first that pulls still worked when the test ended', async () => {
    const served = { how: 'signed-in', status: 200 } as const;
    expect(
      await show({ pulls: pulls({ ...served, state: 'unreached' }) }),
    ).toHaveTextContent(
      /^Access to the key was revoked, and pulls still worked when their test ended/,
    );
    cleanup();
    expect(await show({ pulls: pulls(served) })).toHaveTextContent(
      /^Access to the key was revoked on purpose/,
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
      'that pulls still work',
      pulls({ how: 'signed-in', status: 200, checkedAt: minutesAgo(1) }),
      /Testing until the registry refuses pulls\. Last pull: HTTP 200/,
    ],
    [
      'what was tested where pulls cannot be',
      pulls({ how: 'anonymous', status: 401, checkedAt: minutesAgo(1) }),
      /Last answer to a request without a credential: HTTP 401/,
    ],
    [
      'that pulls worked to the end',
      pulls({ state: 'unreached', how: 'signed-in', status: 200 }),
      /Pulls still worked when the test ended/,
    ],
    [
      'that pulls were not tested to the end',
      pulls({ state: 'unreached', how: 'anonymous', status: 401 }),
      /Pulls were not tested/,
    ],
    [
      'that a restored registry serves a pull',
      pulls({
        wanted: 'answered',
        state: 'reached',
        how: 'signed-in',
        since: minutesAgo(5),
        status: 200,
      }),
      /A pull works, first seen/,
    ],
    [
      'that a restored registry no longer refuses, and no more than that',
      pulls({
        wanted: 'answered',
        state: 'reached',
        how: 'anonymous',
        since: minutesAgo(5),
        status: 401,
      }),
      /The registry no longer refuses every request, first seen/,
    ],
    [
      'that the registry is closed to the portal',
      pulls({
        state: 'untested',
        reason: 'closed',
        how: 'anonymous',
        status: 403,
      }),
      /could not be tested: the registry is closed to this portal/,
    ],
    [
      'that the portal may not pull',
      pulls({
        wanted: 'answered',
        state: 'untested',
        reason: 'not-allowed',
        how: 'anonymous',
        status: 401,
      }),
      /were not tested: the read credential may not pull/,
    ],
  ])('says %s', async (_what, seen, words) => {
    expect(await show({ pulls: seen })).toHaveTextContent(words);
  });
});
