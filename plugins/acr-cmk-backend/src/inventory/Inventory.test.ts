import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  type AzureProblem,
  type Fact,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import knexFactory, { type Knex } from 'knex';
import { changesOf } from '../engine/changesOf';
import { NOW as NOON, bundleWith } from '../__testUtils__/encryptedRegistries';
import { until } from '../__testUtils__/until';
import { AzureError } from '../azure/AzureError';
import type { AzurePorts } from '../azure/ports';
import type { IdentityFacts } from '../azure/arm/identityFacts';
import type { RegistryFactBundle } from '../domain/encryptedRegistry';
import type { Background } from './Background';
import type { Sleep } from '../platform/time/realClock';
import { createInventory } from './createInventory';
import {
  FRESH,
  type Freshness,
  type Inventory,
  JUST_NOW,
  KNOWN,
  NOW,
  REFRESHED,
  SHOWN,
} from './Inventory';
import type { InventoryRows } from './rows';

const {
  registryId: _,
  key: _k,
  keyInUse: _u,
  ...registry
} = bundleWith().registry;
const ID = RegistryId.parse(registry.id);

/** Azure's answers to the readings of a registry, given when a test says so. */
class AnswersOnDemand {
  readonly #waiting: ((answer: string | AzureError) => void)[] = [];
  readonly #arrived: (() => void)[] = [];
  asked = 0;

  readonly ports = {
    registries: {
      get: () =>
        new Promise((resolve, reject) => {
          this.asked += 1;
          this.#waiting.push(answer =>
            answer instanceof AzureError
              ? reject(answer)
              : resolve({
                  value: { ...registry, location: answer },
                  azureAt: NOON,
                }),
          );
          this.#arrived.shift()?.();
        }),
    },
  } as unknown as AzurePorts;

  /** Resolves when Azure is asked the next time. */
  nextQuestion(): Promise<void> {
    return new Promise(resolve => this.#arrived.push(resolve));
  }

  /** @param answer - location of the registry, or why it cannot be read */
  answer(answer: string | AzureError): void {
    this.#waiting.shift()?.(answer);
  }
}

describe('facts after a change of ours', () => {
  let db: Knex;
  let now: number;
  let answers: AnswersOnDemand;
  let background: Background;
  let warnings: string[];
  let inventory: Inventory;
  let rows: InventoryRows;

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
    warnings = [];
    answers = new AnswersOnDemand();
    open(answers.ports);
  });

  /** @param wait - of a view for Azure; it never ends by default */
  function open(azure: AzurePorts, wait: Sleep = () => new Promise(() => {})) {
    ({ inventory, background, rows } = createInventory(
      {
        db,
        clock: { now: async () => now },
        azure,
        logger: { warn: message => warnings.push(message) },
        sleep: wait,
      },
      {
        scope: { subscriptions: [ID.subscriptionId], includes: () => true },
        everyMs: 5 * 60_000,
        changesOf,
      },
    ));
  }
  afterEach(async () => {
    await background.stop();
    if (warnings.length > 0) throw new Error(warnings.join());
    await db.destroy();
  });

  async function read(
    answer: string | AzureError,
    freshness: Freshness = FRESH,
  ) {
    const asked = answers.nextQuestion();
    const reading = inventory.registry(ID, freshness);
    // Ends when nothing is asked, too: what is answered shows it.
    await Promise.race([asked, reading]);
    answers.answer(answer);
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
    await inventory.expire(ID, []);
    now += 1;
    expect(await read('after')).toMatchObject({ value: { location: 'after' } });
  });

  it('stay old when a reading arrives late that began before the change', async () => {
    const asked = answers.nextQuestion();
    const early = inventory.registry(ID, FRESH);
    await asked;
    now += 1_000;
    await inventory.expire(ID, []);
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
    await inventory.expire(ID, []);
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
    await inventory.expire(ID, []);
    now += 1_000;
    const asked = answers.nextQuestion();
    const first = inventory.registry(ID, FRESH);
    await asked;
    const second = inventory.registry(ID, FRESH);
    answers.answer('after');
    expect(await second).toEqual(await first);
    expect(answers.asked).toBe(1);
  });

  it('are shared by plans while they are younger than a second', async () => {
    await read('first', JUST_NOW);
    now += 999;
    expect(await inventory.registry(ID, JUST_NOW)).toMatchObject({
      value: { location: 'first' },
    });
    now += 1;
    expect(await read('second', JUST_NOW)).toMatchObject({
      value: { location: 'second' },
    });
    expect(answers.asked).toBe(2);
  });

  it('are never shared with a plan after a change of ours, however young they are', async () => {
    await read('before', JUST_NOW);
    now += 1;
    await inventory.expire(ID, []);
    now += 1;
    expect(await read('after', JUST_NOW)).toMatchObject({
      value: { location: 'after' },
    });
  });

  it('are not shared with a plan by a reading that has been under way for a second', async () => {
    const asked = answers.nextQuestion();
    const slow = inventory.registry(ID, FRESH);
    await asked;
    now += 1_000;
    const askedAgain = answers.nextQuestion();
    const plan = inventory.registry(ID, JUST_NOW);
    await askedAgain;
    answers.answer('slow');
    answers.answer('now');
    expect(await plan).toMatchObject({ value: { location: 'now' } });
    await slow;
  });

  it('are read again for what was agreed to, however young they are', async () => {
    await read('shown', JUST_NOW);
    expect(await read('now', NOW)).toMatchObject({
      value: { location: 'now' },
    });
  });

  it.each<[kind: AzureProblem['kind'], fact: object]>([
    [
      'unavailable',
      {
        known: true,
        value: { location: 'before' },
        refreshProblem: { kind: 'unavailable' },
      },
    ],
    ['not-found', { known: false, problem: { kind: 'not-found' } }],
  ])(
    'stay when Azure does not answer, and are not shown of what is gone: %s',
    async (kind, fact) => {
      await read('before');
      now += 60_000;
      const problem = { kind, code: 'X', message: 'A test' };
      expect(
        await read(new AzureError(problem, { effect: 'refused' })),
      ).toMatchObject(fact);
      expect(await inventory.registry(ID, SHOWN)).toMatchObject(fact);
    },
  );

  it('are shown however old they are, and nothing is asked for a view', async () => {
    await read('old');
    now += 3_600_000;
    const shown = await Promise.all(
      Array.from({ length: 20 }, () => inventory.registry(ID, SHOWN)),
    );
    await background.idle();
    for (const fact of shown) {
      expect(fact).toMatchObject({
        value: { location: 'old' },
        observedAt: 1_000,
      });
    }
    expect(answers.asked).toBe(1);
  });

  it('are waited for by a view when they were never read, and read once however many look', async () => {
    const asked = answers.nextQuestion();
    const shown = Array.from({ length: 20 }, () =>
      inventory.registry(ID, SHOWN),
    );
    await asked;
    answers.answer('first');
    for (const fact of await Promise.all(shown)) {
      expect(fact).toMatchObject({ value: { location: 'first' } });
    }
    expect(answers.asked).toBe(1);
  });

  it('are not waited for longer than a view may wait, and kept when they arrive', async () => {
    const waits: number[] = [];
    open(answers.ports, async ms => void waits.push(ms));
    const asked = answers.nextQuestion();
    expect(await inventory.registry(ID, SHOWN)).toMatchObject({
      known: false,
      problem: { code: 'NotRead' },
    });
    expect(waits).toEqual([SHOWN.waitMs]);
    await asked;
    answers.answer('late');
    await until(
      'it is kept',
      () => inventory.registry(ID, SHOWN),
      fact => fact.known,
    );
    expect(answers.asked).toBe(1);
  });

  it('are not shown after a change of ours before they are read again', async () => {
    await read('before');
    now += 1_000;
    await inventory.expire(ID, []);
    now += 1;
    const asked = answers.nextQuestion();
    const shown = inventory.registry(ID, SHOWN);
    await asked;
    answers.answer('after');
    expect(await shown).toMatchObject({ value: { location: 'after' } });
  });

  describe('that were all read', () => {
    const reading = { readAt: 1_000, azureAt: 1_000 };
    const [{ resourceId, clientId, principalId }] =
      registry.userAssignedIdentities;
    const identity = {
      id: resourceId,
      name: 'id-shop',
      clientId,
      principalId,
    } as IdentityFacts;
    const valueOf = <T>(fact: Fact<T> | undefined) =>
      (fact as Extract<Fact<T>, { known: true }>).value;

    beforeEach(async () => {
      const { vault, key } = bundleWith();
      await rows.vaults.keep([valueOf(vault)], reading);
      await rows.keys.keep([valueOf(key)], reading);
      await rows.registries.keep([registry], reading);
    });

    async function look() {
      const statements: string[] = [];
      const note = ({ sql }: { sql: string }) => statements.push(sql);
      db.on('query', note);
      const looked = await inventory.look(ID, KNOWN);
      const bundle: RegistryFactBundle = await looked.bundle(
        valueOf(looked.registry),
      );
      db.removeListener('query', note);
      return { bundle, statements };
    }

    it('take one statement, beside those for the changes by this portal', async () => {
      await rows.identities.keep([identity], reading);
      const { bundle, statements } = await look();
      expect(bundle).toMatchObject({
        vault: { known: true },
        key: { known: true },
        identityExists: true,
      });
      expect(
        statements.filter(sql => !/\boperations\b/.test(sql)),
      ).toHaveLength(1);
    });

    it('show that another identity has taken the place of one', async () => {
      await rows.identities.keep([{ ...identity, clientId: 'other' }], reading);
      expect((await look()).bundle.identityExists).toBe(false);
    });
  });

  describe('about a vault that no subscription has', () => {
    const MINUTE = 60_000;
    let listed: number;

    beforeEach(() => {
      listed = 0;
      const vaults = {
        listBySubscription: async () => {
          listed += 1;
          return { value: [], azureAt: NOON };
        },
      };
      const problem = {
        kind: 'not-found',
        code: 'X',
        message: 'A test',
      } as const;
      const identities = {
        get: async () => {
          throw new AzureError(problem, { effect: 'refused' });
        },
      };
      open({
        ...answers.ports,
        vaults,
        identities,
      } as unknown as AzurePorts);
    });

    /** @param since - since when the registry is known to name the vault */
    const vaultAs = async (freshness: Freshness, since: number) => {
      const { vault } = await inventory.bundle(
        bundleWith().registry,
        freshness,
        { since },
      );
      await background.idle();
      return vault?.known ? 'known' : vault?.problem.message;
    };
    const ABSENT =
      'There is no vault kv1 in the subscriptions of acrCmk.scopes';

    it('say so only by a listing that began after the registry named it', async () => {
      const notYet = expect.stringMatching(/^The vault kv1 is not known yet/);
      expect([await vaultAs(SHOWN, now), listed]).toEqual([notYet, 0]);
      await rows.listings.keep('vaults', ID.subscriptionId, {
        items: 0,
        readAt: now,
        azureAt: NOON,
      });
      const before = now;
      now += MINUTE;
      expect([await vaultAs(SHOWN, now), listed]).toEqual([notYet, 0]);
      expect([await vaultAs(SHOWN, before), listed]).toEqual([ABSENT, 0]);
    });

    it('list anew when somebody refreshes', async () => {
      expect([await vaultAs(REFRESHED, now), listed]).toEqual([ABSENT, 1]);
      now += MINUTE;
      expect([await vaultAs(REFRESHED, now), listed]).toEqual([ABSENT, 2]);
    });
  });
});
