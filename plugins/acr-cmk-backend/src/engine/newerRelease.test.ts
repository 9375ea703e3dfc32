/** F24: what a release makes of a step that only a newer one knows. */
import { concernsOf, effectsOf } from '../domain/effects';
import { describeStep, givesBack, type StepSpec } from '../domain/steps';
import { firstPulls } from './pulls';
import type { Run } from './run';
import { observeAgain } from './settle';

const SPEC = { kind: 'sign-with-key', version: 1 } as unknown as StepSpec;

describe('a step of a newer release', () => {
  it('is shown as what it is', () => {
    expect(describeStep(SPEC)).toMatchObject({
      title: 'Step sign-with-key (v1), created by a newer release',
      writes: true,
    });
  });

  it('has an effect that nobody knows', () => {
    expect(effectsOf([SPEC], { registries: [] })).toEqual([
      { kind: 'unknown', step: 'sign-with-key' },
    ]);
    expect(concernsOf([SPEC])).toEqual({ keys: [], principals: [] });
  });

  it('gives nothing back, so that no revoke counts as undone by it', () => {
    expect(givesBack(SPEC)).toBeUndefined();
  });

  it('has no pulls to be tried after it', () => {
    const operation = { steps: [{ spec: SPEC }], outputs: {} };
    expect(firstPulls(operation as never, 0)).toBeUndefined();
  });

  it('is no proof when it is observed again', async () => {
    const run = {
      lease: {},
      deps: { writes: { write: async () => true } },
      operation: {
        settlesAt: 1,
        steps: [{ position: 0, spec: SPEC, attempts: 1, message: 'Signed' }],
      },
    };
    expect(await observeAgain(run as unknown as Run)).toEqual([
      'The step was created by a newer release',
    ]);
  });
});
