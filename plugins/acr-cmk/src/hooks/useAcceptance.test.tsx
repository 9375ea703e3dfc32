import { TestApiProvider } from '@backstage/test-utils';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { IdempotencyKeyReused } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { planWith } from '../fixtures/plans';
import { refusedWith } from '../fixtures/refusals';
import { useAcceptance } from './useAcceptance';

const { id: planId, hash: planHash } = planWith();
const REQUEST = { planId, planHash, reason: 'Quarterly rotation' };

function rendered(api: InMemoryAcrCmk) {
  return renderHook(() => useAcceptance(), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <TestApiProvider apis={[[acrCmkApiRef, api]]}>{children}</TestApiProvider>
    ),
  }).result;
}

describe('accepting a plan', () => {
  it('sends one request for two presses before the next render', async () => {
    const api = new InMemoryAcrCmk();
    const result = rendered(api);

    await act(async () => {
      await Promise.all([
        result.current.accept(REQUEST),
        result.current.accept(REQUEST),
      ]);
    });

    expect(api.inputsOf('accept')).toHaveLength(1);
    expect(result.current.acceptance.status).toBe('accepted');
  });

  it('returns the operation of the first press when its response was lost and the reason has changed since', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('accept', () =>
      refusedWith(409, new IdempotencyKeyReused('the first')),
    );
    const result = rendered(api);

    await act(async () => {
      await result.current.accept(REQUEST);
    });

    expect(result.current.acceptance).toMatchObject({
      status: 'accepted',
      operationId: 'the first',
    });
  });

  it('is the same request when it is pressed again after a lost answer', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('accept', async () => new TypeError('Failed to fetch'));
    const result = rendered(api);

    await act(async () => {
      await result.current.accept(REQUEST);
    });
    expect(result.current.acceptance.status).toBe('refused');
    await act(async () => {
      await result.current.accept(REQUEST);
    });

    const [first, second] = api.inputsOf('accept');
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});
