import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import knexFactory, { type Knex } from 'knex';
import { NOW as NOON, bundleWith } from '../__testUtils__/encryptedRegistries';
import type { AzurePorts } from '../azure/ports';
import { FactStore } from './FactStore';
import { FRESH, Inventory } from './Inventory';

const { registry } = bundleWith();
const ID = RegistryId.parse(registry.id);

/** Azure's answers to the readings of a registry, given when a test says so. */
class AnswersOnDemand {
  readonly #waiting: ((location: string) => void)[] = [];
  readonly #arrived: (() => void)[] = [];
  asked = 0;

  readonly ports = {
    registries: {
      get: () =>
        new Promise(resolve => {
          this.asked += 1;
          this.#waiting.push(location =>
            resolve({ value: { ...registry, location }, azureAt: NOON }),
          );
          this.#arrived.shift()?.();
        }),
    },
  } as unknown as AzurePorts;

  /** Resolves when Azure is asked the next time. */
  nextQuestion(): Promise<void> {
    return new Promise(resolve => this.#arrived.push(resolve));
  }

  answer(location: string): void {
    this.#waiting.shift()?.(location);
  }
}

describe('facts after a change of ours', () => {
  let db: Knex;
  let now: number;
  let answers: AnswersOnDemand;
  let facts: FactStore;
  let inventory: Inventory;

  beforeEach(async () => {
    db = knexFactory({
      client: 'better-sqlite3',
      connection: ':memory:',
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    });
    await db.migrate.latest({
      directory: resolvePackagePath(
        'backstage-plugin-acr-cmk-backend',
        'migrations',
      ),
    });
    now = 1_000;
    answers = new AnswersOnDemand();
    facts = new FactStore({ db, clock: { now: async () => now } });
    inventory = new Inventory({
      facts,
      azure: answers.ports,
      scope: { subscriptions: [ID.subscriptionId], includes: () => true },
    });
  });
  afterEach(() => db.destroy());

  async function read(location: string) {
    const asked = answers.nextQuestion();
    const reading = inventory.registry(ID, FRESH);
    await asked;
    answers.answer(location);
    return reading;
  }

  it('are answered from the table while they are young', async () => {
    await read('before');
    now += 1_000;
    expect(await inventory.registry(ID, FRESH)).toMatchObject({
      value: { location: 'before' },
    });
    expect(answers.asked).toBe(1);
  });

  it('are read again, however young they are', async () => {
    await read('before');
    now += 1_000;
    await facts.expire({ kind: 'registry', subject: ID.key });
    now += 1;
    expect(await read('after')).toMatchObject({ value: { location: 'after' } });
  });

  it('stay old when a reading arrives late that began before the change', async () => {
    const asked = answers.nextQuestion();
    const early = inventory.registry(ID, FRESH);
    await asked;
    now += 1_000;
    await facts.expire({ kind: 'registry', subject: ID.key });
    answers.answer('before');
    expect(await early).toMatchObject({ value: { location: 'before' } });

    now += 1_000;
    expect(await read('after')).toMatchObject({ value: { location: 'after' } });
  });

  it('are not shared with a reading under way that began before the change', async () => {
    const asked = answers.nextQuestion();
    const early = inventory.registry(ID, FRESH);
    await asked;
    now += 1_000;
    await facts.expire({ kind: 'registry', subject: ID.key });
    now += 1_000;

    const askedAgain = answers.nextQuestion();
    const late = inventory.registry(ID, FRESH);
    await askedAgain;
    answers.answer('before');
    answers.answer('after');
    expect(await late).toMatchObject({ value: { location: 'after' } });
    await early;
    expect(await inventory.registry(ID, FRESH)).toMatchObject({
      value: { location: 'after' },
    });
  });

  it('are shared with a reading under way that began after it', async () => {
    await facts.expire({ kind: 'registry', subject: ID.key });
    now += 1_000;
    const asked = answers.nextQuestion();
    const first = inventory.registry(ID, FRESH);
    await asked;
    const second = inventory.registry(ID, FRESH);
    answers.answer('after');
    expect(await second).toEqual(await first);
    expect(answers.asked).toBe(1);
  });
});
