import type {
  AzureProblem,
  Fact,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import {
  ago,
  ahead,
  bundleWith,
  type Change,
  NEW,
  NOW,
  OLD,
  version,
} from '../__testUtils__/encryptedRegistries';
import type { DeletedKey } from '../domain/encryptedRegistry';
import { isoTime } from '../platform/database/clock';
import { Judge } from './Judge';
import { changesOf } from '../engine/changesOf';
import { InventoryRows } from './rows';

const MINUTE = 60_000;
const DENIED = {
  kind: 'denied',
  code: 'AuthorizationFailed',
  message: 'The read credential may not look',
} as const;

const valueOf = <T>(fact: Fact<T> | undefined): T => {
  if (!fact?.known) throw new Error('The test bundle knows it');
  return fact.value;
};

describe.each(testDatabases())('verdicts in rows on $name', database => {
  let db: Knex;
  let now: number;
  let rows: InventoryRows;
  let judge: Judge;
  let scopeProblem: AzureProblem | undefined;
  beforeEach(async () => {
    db = await database.open();
    now = NOW;
    scopeProblem = undefined;
    const clock = { now: async () => now };
    rows = new InventoryRows(db, clock);
    const { registryId } = bundleWith().registry;
    judge = new Judge({
      db,
      clock,
      subscriptions: [registryId.subscriptionId],
      scopeProblem: () => scopeProblem,
      changesOf,
    });
  });
  afterEach(() => db.destroy());

  /** Keeps everything that a bundle knows. Azure's clock is ours, unless it is said to differ. */
  async function keep(change: Change = {}, azureAhead = 0) {
    const bundle = bundleWith(change);
    const reading = { readAt: now, azureAt: now + azureAhead };
    await rows.registries.keep([bundle.registry], reading);
    await rows.vaults.keep([valueOf(bundle.vault)], reading);
    await rows.keys.keep([valueOf(bundle.key)], reading);
    return bundle.registry;
  }
  const row = async () => (await db('registries').first())!;
  const at = (moment: unknown) => new Date(Number(moment)).toISOString();

  it('are there once the facts are', async () => {
    await keep({ vault: { purgeProtection: false } });
    expect(await judge.judgeDue()).toBe(1);
    expect(await row()).toMatchObject({
      state: 'current',
      state_message: 'The registry uses the latest version of its key',
      severity: 2,
      findings: '["purge-protection-off"]',
      behind_since: null,
      expires_at: null,
      judge_at: null,
    });
  });

  it('are not made again while nothing changes', async () => {
    await keep();
    await judge.judgeDue();
    now += 24 * 60 * MINUTE;
    expect(await judge.judgeDue()).toBe(0);
  });

  it('are made again when the time has come, and not before', async () => {
    await keep({
      versions: [version(NEW, { created: ago({ minutes: 20 }) }), version(OLD)],
    });
    await judge.judgeDue();
    expect(await row()).toMatchObject({ state: 'converging' });
    expect(at((await row()).behind_since)).toBe(ago({ minutes: 20 }));
    expect(at((await row()).version_created_at)).toBe(ago({ days: 90 }));
    now += 40 * MINUTE;
    expect(await judge.judgeDue()).toBe(0);
    now += 1;
    expect(await judge.judgeDue()).toBe(1);
    expect(await row()).toMatchObject({ state: 'behind', judge_at: null });
  });

  it('are made again by other rules, and not by the same ones after a restart', async () => {
    await keep();
    await judge.useRules('1');
    expect(await judge.judgeDue()).toBe(1);
    await judge.useRules('1');
    expect(await judge.judgeDue()).toBe(0);
    await judge.useRules('2');
    expect(await judge.judgeDue()).toBe(1);
    // A process of the release before, during a rolling upgrade.
    await judge.useRules('1');
    await judge.useRules('2');
    expect(await judge.judgeDue()).toBe(1);
  });

  it('go through every stage of a key that expires', async () => {
    await keep({ versions: [version(OLD, { expires: ahead({ days: 40 }) })] });
    const states: (string | null)[] = [];
    for (let turn = 0; turn < 5; turn++) {
      await judge.judgeDue();
      const { state, judge_at: next } = await row();
      states.push(state);
      if (next === null) break;
      now = Number(next);
    }
    expect(states).toEqual(['current', 'at-risk', 'expired']);
    expect(now).toBe(Date.parse(ahead({ days: 40 })));
  });

  it('wait by our clock for what comes by Azure’s', async () => {
    const azureAhead = 3 * MINUTE;
    await keep(
      { versions: [version(OLD, { expires: ahead({ minutes: 10 }) })] },
      azureAhead,
    );
    await judge.judgeDue();
    expect((await row()).state).toBe('at-risk');
    expect(Number((await row()).judge_at)).toBe(NOW + 7 * MINUTE);
  });

  it('are unknown, not fine, while the key or the vault was never read', async () => {
    const { registry } = bundleWith();
    await rows.registries.keep([registry], { readAt: now, azureAt: now });
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'unknown',
      state_message: expect.stringContaining('has not been read yet'),
    });
  });

  it('are unknown for a key in a vault that no subscription has that was listed: it may be elsewhere', async () => {
    const { registry } = bundleWith();
    const { subscriptionId } = registry.registryId;
    await rows.listings.keep('vaults', subscriptionId, {
      items: 0,
      readAt: now,
      azureAt: now,
    });
    await rows.registries.keep([registry], { readAt: now, azureAt: now });
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'unknown',
      state_message: 'The vault kv1 could not be read',
    });
  });

  it('are unknown for a key in a vault that was not looked for since the registry names it', async () => {
    const { registry } = bundleWith();
    await rows.listings.keep('vaults', registry.registryId.subscriptionId, {
      items: 0,
      readAt: now,
      azureAt: now,
    });
    now += MINUTE;
    await rows.registries.keep([registry], { readAt: now, azureAt: now });
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'unknown',
      state_message: 'The vault kv1 has not been read yet',
    });
  });

  it('are not fine for a key that was read before, when its vault is gone, and unknown while it may be elsewhere', async () => {
    const { registryId } = await keep();
    await rows.listings.keep('vaults', registryId.subscriptionId, {
      items: 0,
      readAt: now,
      azureAt: now,
    });
    await db('vaults').delete();
    scopeProblem = DENIED;
    await judge.judgeDue();
    expect(await row()).toMatchObject({ state: 'unknown' });
    scopeProblem = undefined;
    await db('registries').update({ judge_at: 0 });
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'revoked',
      severity: 3,
      state_message: expect.stringContaining('does not exist'),
    });
  });

  it('are unknown while a version is in use that is newer than what was read of the key, and known once a list has shown the key unchanged', async () => {
    await keep();
    await judge.judgeDue();
    now += 60 * MINUTE;
    const { registry } = bundleWith({ inUse: NEW });
    await rows.registries.keep([registry], { readAt: now, azureAt: now });
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'unknown',
      state_message: expect.stringContaining(
        'Could not determine whether version',
      ),
      findings: '[]',
      undecided: '["version-unusable","key-behind"]',
      behind_since: null,
    });
    const listed = [{ name: 'shop', enabled: true }] as never[];
    await rows.keys.keepListed('kv1', listed, now);
    now += 5 * MINUTE;
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'revoked',
      state_message: expect.stringContaining('has no version'),
      judge_at: null,
    });
  });

  it('are unknown while a version is in use that is not known and the key cannot be read', async () => {
    const { key } = await keep();
    const { registry } = bundleWith({ inUse: NEW });
    await rows.registries.keep([registry], { readAt: now, azureAt: now });
    await rows.keys.keepProblem(key as KeyIdentifier, DENIED, now);
    await judge.judgeDue();
    expect(await row()).toMatchObject({
      state: 'unknown',
      state_message: expect.stringContaining(
        'Could not determine whether version',
      ),
    });
  });

  it('follow what happens to the key: refused, then gone, then there again', async () => {
    const { key } = await keep();
    const states: (string | null)[] = [];
    const note = async () => {
      await judge.judgeDue();
      states.push((await row()).state);
    };
    await note();
    now += 1;
    await rows.keys.keepProblem(
      key as KeyIdentifier,
      { ...DENIED, kind: 'not-found' },
      now,
    );
    await note();
    now += 1;
    await keep();
    await note();
    expect(states).toEqual(['current', 'revoked', 'current']);
  });

  it('say until when a key that was deleted can be recovered', async () => {
    const { key } = await keep();
    const deleted: DeletedKey = {
      deletedAt: '2026-11-24T08:00:00Z',
      scheduledPurgeAt: '2027-02-22T08:00:00Z',
    };
    await rows.facts
      .of<DeletedKey>({ kind: 'deleted-key', subject: key!.keyOfKey })
      .keep(deleted, { readAt: now, azureAt: now });
    await rows.keys.keepProblem(
      key as KeyIdentifier,
      { ...DENIED, kind: 'not-found' },
      now + 1,
    );
    await judge.judgeDue();
    expect((await row()).state_message).toBe(
      'The key shop was deleted on 24 Nov 2026, recoverable until 22 Feb 2027',
    );
  });

  it('keep since when a state is seen, and each change of it as an event', async () => {
    const { registryId } = await keep();
    const history = async () => {
      await judge.judgeDue();
      const { key } = registryId;
      return (await rows.registries.historiesOf([key])).get(key)!;
    };
    const first = now;
    expect(await history()).toEqual({ events: [], stateSince: first });

    now += MINUTE;
    const lost = now;
    await keep({ vault: { accessPolicies: [] } });
    const gone = {
      seenAt: isoTime(lost),
      was: 'current',
      state: 'revoked',
      message: expect.stringMatching(/access/),
    };
    expect(await history()).toEqual({ events: [gone], stateSince: lost });
    // Another change of the vault is no news of this registry.
    now += MINUTE;
    await keep({ vault: { accessPolicies: [], purgeProtection: false } });
    expect(await history()).toEqual({ events: [gone], stateSince: lost });

    now += MINUTE;
    await keep();
    expect(await history()).toMatchObject({
      events: [
        { seenAt: isoTime(now), was: 'revoked', state: 'current' },
        gone,
      ],
      stateSince: now,
    });
  });

  it('vanish with the registry', async () => {
    const { registryId } = await keep();
    await judge.judgeDue();
    await rows.registries.keepProblem(
      registryId,
      { ...DENIED, kind: 'not-found' },
      now,
    );
    await judge.judgeDue();
    expect(await row()).toMatchObject({ state: null, severity: null });
  });

  it('are made for more registries than one batch holds', async () => {
    const { registry } = bundleWith();
    const many = Array.from({ length: 120 }, (_, index) => ({
      ...registry,
      id: `${registry.id}${index}`,
    }));
    await rows.registries.keep(many, { readAt: now, azureAt: now });
    expect(await judge.judgeDue()).toBe(120);
    expect(await db('registries').where({ judge_at: 0 })).toEqual([]);
  });

  if (database.name === 'PostgreSQL') {
    it('leave a row that is being written for the next run (SQLite has one writer)', async () => {
      const { registryId } = await keep();
      await judge.judgeDue();
      await rows.keys.keepProblem(
        bundleWith().registry.key as KeyIdentifier,
        DENIED,
        now + 1,
      );
      const writer = await db.transaction();
      await writer('registries')
        .where({ id: registryId.key })
        .update({ severity: 0 });
      expect(await judge.judgeDue()).toBe(0);
      await writer.commit();
      expect(await judge.judgeDue()).toBe(1);
    });
  }
});
