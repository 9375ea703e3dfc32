/** Adding a kind of step takes its definition and a line in the index: shown by adding one. */
import { registryId, SUBSCRIPTION } from '../__testUtils__/demoWorld';
import { openSqlite } from '../__testUtils__/databases';
import { FaultyEngine } from '../__testUtils__/faultyEngine';
import { noLocks, rightsOf, scopesWithLocks } from '../domain/rights';
import { readerOf, stepKinds, type StepSpec } from '../domain/steps';
import { orMissing } from '../domain/steps/orMissing';
import { defineStep } from '../domain/steps/step';

jest.setTimeout(60_000);

interface ReserveIdentity {
  kind: 'reserve-identity';
  version: 1;
  identity: string;
}

/** All of the new kind. */
const reserveIdentity = defineStep<ReserveIdentity>({
  kind: 'reserve-identity',
  version: 1,
  credential: 'provision',

  title: ({ identity }) => `Reserve ${identity.split('/').at(-1)}`,
  target: ({ identity }) => identity,
  commands: ({ identity }) => [`az resource show --ids ${identity}`],
  effects: ({ identity }) => [{ does: 'create-identity', identity }],
  rights: ({ identity }) => [
    { scope: identity, action: 'Microsoft.Example/identities/write' },
  ],
  lockedScope: ({ identity }) => ({ scope: identity, deletes: false }),

  async observe({ spec, azure }) {
    const found = await orMissing(azure.identities.get(spec.identity));
    return found
      ? {
          status: 'done',
          observations: [{ what: 'identity', value: found.value.name }],
          message: 'It is reserved',
        }
      : {
          status: 'needs-write',
          observations: [{ what: 'identity', value: 'none' }],
        };
  },
  prepare: async ({ checkpoint }) => ({ ...checkpoint, keyWasFree: true }),
  act: ({ spec, azure }) =>
    azure.identities.create(spec.identity, 'westeurope'),
});

/** The line in the index. */
const readStep = readerOf([...stepKinds, reserveIdentity]);

const IDENTITY = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-reserved`;
// The type of every spec follows from the real index, which does not list it.
const SPEC = reserveIdentity.build({
  identity: IDENTITY,
}) as unknown as StepSpec;

describe('a new kind of step', () => {
  const world = new FaultyEngine(openSqlite);
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  /** An operation whose one step is of the new kind, carried on once. */
  async function carryOn() {
    const { accept, db, operations } = world.engine;
    const { id } = await accept(registryId('ordersimages'), { kind: 'rotate' });
    const steps = () => db('operation_steps').where({ operation_id: id });
    await steps().where('position', '>', 0).delete();
    await steps().update({ spec: JSON.stringify(SPEC) });
    // The step is not the plan's, which is what would be found out before the first write.
    await world
      .worker(() => ({ readStep, changesSincePlan: async () => [] }))
      .runOne();
    return (await operations.get(id))!;
  }

  it('says in plans what it does', () => {
    expect(readStep(SPEC)?.planned).toEqual({
      kind: 'reserve-identity',
      title: 'Reserve id-reserved',
      target: IDENTITY,
      writes: true,
      commands: [`az resource show --ids ${IDENTITY}`],
    });
  });

  it('has its rights asked for, and its locks', () => {
    expect(rightsOf(SPEC, () => undefined, readStep)).toEqual([
      {
        credential: 'provision',
        scope: IDENTITY,
        action: 'Microsoft.Example/identities/write',
      },
    ]);
    expect(scopesWithLocks([SPEC], readStep)).toEqual([IDENTITY]);
    const locks = {
      known: true as const,
      value: [
        { id: '', name: 'keep', level: 'ReadOnly' as const, scope: IDENTITY },
      ],
      observedAt: 0,
      azureAt: 0,
    };
    expect(noLocks([SPEC], () => locks, readStep).status).toBe('fail');
  });

  it('is refused in a plan by a release that does not know it', () => {
    expect(() => rightsOf(SPEC, () => undefined)).toThrow(
      'Step reserve-identity (v1) was created by another release',
    );
  });

  it('is carried out once, with its own credential and a durable checkpoint', async () => {
    world.azure.clearRequests();
    const operation = await carryOn();
    expect(operation).toMatchObject({
      state: 'succeeded',
      result: { message: 'It is reserved' },
      steps: [
        {
          state: 'done',
          attempts: 1,
          checkpoint: { keyWasFree: true },
          before: [{ value: 'none' }],
          after: [{ value: 'id-reserved' }],
        },
      ],
    });
    expect(world.writes()).toMatchObject([
      { method: 'PUT', path: IDENTITY, principal: 'provisioner' },
    ]);
  });

  it('waits out temporary failures, like every other kind', async () => {
    world.azure.faults.add({
      method: 'PUT',
      path: '*/id-reserved',
      status: 429,
    });
    expect(await carryOn()).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('throttling'),
      steps: [{ attempts: 0 }],
    });
  });
});
