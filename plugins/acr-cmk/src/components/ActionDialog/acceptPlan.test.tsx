import { TestApiProvider } from '@backstage/test-utils';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { IdempotencyKeyReused } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../../api';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { planWith } from '../../fixtures/plans';
import { refusedWith } from '../../fixtures/refusals';
import { useSendOnce } from '../../hooks/useSendOnce';
import { acceptPlan, type Accepted } from './acceptPlan';

const { id: planId, hash: planHash } = planWith();
const REQUEST = { planId, planHash, reason: 'Quarterly rotation' };

function rendered(api: InMemoryAcrCmk) {
  const { result } = renderHook(() => useSendOnce<Accepted>(), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <TestApiProvider apis={[[acrCmkApiRef, api]]}>{children}</TestApiProvider>
    ),
  });
  const accept = () =>
    result.current.send((client, idempotencyKey) =>
      acceptPlan(client, { ...REQUEST, idempotencyKey }),
    );
  return { result, accept };
}

describe('accepting a plan', () => {
  it('sends one request for two presses before the next render', async () => {
    const api = new InMemoryAcrCmk();
    const { result, accept } = rendered(api);

    await act(async () => {
      await Promise.all([accept(), accept()]);
    });

    expect(api.inputsOf('accept')).toHaveLength(1);
    expect(result.current.answer?.first).toBeDefined();
    expect(result.current.pending).toBe(false);
  });

  it('returns the operation of the first press when its response was lost and the reason has changed since', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('accept', () =>
      refusedWith(409, new IdempotencyKeyReused('the first')),
    );
    const { result, accept } = rendered(api);

    await act(async () => {
      await accept();
    });

    expect(result.current.answer).toEqual({ id: 'the first' });
  });

  it('is the same request when it is pressed again after a lost answer', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('accept', async () => new TypeError('Failed to fetch'));
    const { result, accept } = rendered(api);

    await act(async () => {
      await accept();
    });
    expect(result.current.refusal).toMatchObject({ unanswered: true });
    await act(async () => {
      await accept();
    });

    const [first, second] = api.inputsOf('accept');
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});
