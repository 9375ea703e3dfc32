/** Limits on repeating a write that Azure delays each time and never carries out. */
import { openSqlite } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine } from '../__testUtils__/faultyEngine';
import { readerOf, stepKinds, type StepSpec } from '../domain/steps';
import { defineStep } from '../domain/steps/step';

jest.setTimeout(60_000);

const MINUTE = 60_000;
const BUSY_MS = 25 * MINUTE;

interface TryInVain {
  kind: 'try-in-vain';
  version: 1;
}

const tryInVain = defineStep<TryInVain>({
  kind: 'try-in-vain',
  version: 1,
  credential: 'rotate',
  title: () => 'Try in vain',
  target: () => 'nothing',
  commands: () => ['az version'],
  effects: () => [],
  rights: () => [],

  async observe({ attempts, now, startedAt }) {
    return attempts > 0 && now - startedAt < BUSY_MS
      ? {
          status: 'in-progress',
          observations: [],
          message: 'Azure is at it',
          checkAgainSeconds: 30,
        }
      : { status: 'needs-write', observations: [] };
  },
  act: async () => ({}),
});

const readStep = readerOf([...stepKinds, tryInVain]);

describe('a write that is long under way and has no effect', () => {
  const world = new FaultyEngine(openSqlite);
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  it('is repeated for half an hour, in which the time under way counts', async () => {
    const { accept, db, operations, clock } = world.engine;
    const { id } = await accept(registryId('ordersimages'), { kind: 'rotate' });
    const steps = () => db('operation_steps').where({ operation_id: id });
    await steps().where('position', '>', 0).delete();
    const spec = tryInVain.build({}) as unknown as StepSpec;
    await steps().update({ spec: JSON.stringify(spec) });
    const worker = world.worker(() => ({
      readStep,
      changesSincePlan: async () => [],
    }));
    const startedAt = await clock.now();
    let operation = (await operations.get(id))!;
    while (operation.state !== 'failed') {
      // The first write starts no count of retries; half an hour after the second, none is repeated.
      expect((await clock.now()) - startedAt).toBeLessThan(3 * 26 * MINUTE);
      await worker.runOne();
      world.pass(30);
      operation = (await operations.get(id))!;
    }
    expect(operation).toMatchObject({
      result: { code: 'NO_EFFECT' },
      steps: [{ attempts: 3 }],
    });
  });
});
