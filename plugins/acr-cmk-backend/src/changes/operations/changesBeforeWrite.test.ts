import {
  ActionRefused,
  FactsUnavailable,
} from 'backstage-plugin-acr-cmk-common';
import { bundleWith } from '../../__testUtils__/encryptedRegistries';
import type { Question, Verdict } from '../gate/Gate';
import type { StoredPlan } from '../plans/PlanStore';
import { changesBeforeWrite } from './changesBeforeWrite';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import type { OperationRecord } from '../../engine/types';

const { registry } = bundleWith();
const OPERATION = {
  id: 'op',
  requestedBy: 'user:default/olivia',
  steps: [] as object[],
  plan: {
    id: 'plan',
    entityRef: 'resource:default/shop-images',
    registryId: registry.id,
    intent: { kind: 'rotate' },
  },
} as OperationRecord;
const FINGERPRINT = { steps: '[]' };
const CHANGE = { field: 'scope', shown: 'in scope', now: 'out of scope' };

/** Changes that are found when the gate gives this verdict. */
const changesWhen = (
  ask: (question: Question) => Promise<Verdict>,
  kept: Partial<StoredPlan> | undefined = { fingerprint: FINGERPRINT },
) =>
  changesBeforeWrite(OPERATION, {
    gate: { ask },
    plans: { get: async () => kept as StoredPlan | undefined },
  });

describe('the question before the first write', () => {
  it('is about the agreed plan, and asked as the plugin in the name of who asked for it', async () => {
    const ask = jest.fn(async (_question: Question): Promise<Verdict> => ({
      verdict: 'changed',
      changes: [],
    }));
    await changesWhen(ask);
    expect(ask.mock.calls[0][0]).toMatchObject({
      asker: { kind: 'plugin', onBehalfOf: 'user:default/olivia' },
      agreed: FINGERPRINT,
      operationId: 'op',
      planId: 'plan',
    });
  });

  it.each<[what: string, verdict: Verdict, expected: object[]]>([
    [
      'finds nothing when the gate allows it',
      {
        verdict: 'allowed',
        entityRef: 'x',
        made: {} as never,
        requirements: [],
        needs: [],
      },
      [],
    ],
    [
      'finds what has changed in the plan',
      { verdict: 'changed', changes: [CHANGE] },
      [CHANGE],
    ],
    [
      'finds a refusal to be a change',
      {
        verdict: 'refused',
        refusal: { error: new ActionRefused('rotate', 'x'), change: CHANGE },
      },
      [CHANGE],
    ],
  ])('%s', async (_what, verdict, expected) => {
    expect(await changesWhen(async () => verdict)).toEqual(expected);
  });

  it('compares a plan that is not kept with nothing, so that it stops', async () => {
    const ask = jest.fn(async (_question: Question): Promise<Verdict> => ({
      verdict: 'changed',
      changes: [CHANGE],
    }));
    await changesBeforeWrite(OPERATION, {
      gate: { ask },
      plans: { get: async () => undefined },
    });
    expect(ask.mock.calls[0][0].agreed).toEqual({});
  });

  it('finds stored steps that are not those of the plan, and asks no further', async () => {
    const ask = jest.fn();
    expect(
      await changesWhen(ask, { fingerprint: { steps: '[{"kind":"other"}]' } }),
    ).toEqual([{ field: 'steps', shown: '[{"kind":"other"}]', now: '[]' }]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('has no answer yet when Azure cannot be read', async () => {
    await expect(
      changesWhen(async () => {
        throw new FactsUnavailable('The registry', 'throttled');
      }),
    ).rejects.toThrow(PreconditionUnavailable);
  });

  it('rethrows an error of our own code', async () => {
    const fault = new TypeError('x is undefined');
    await expect(
      changesWhen(async () => {
        throw fault;
      }),
    ).rejects.toBe(fault);
  });
});
