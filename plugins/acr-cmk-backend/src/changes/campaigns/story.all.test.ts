/** Campaigns over the whole plugin: people start, decide about, pause and abort them, and its own worker carries them out. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mockCredentials } from '@backstage/backend-test-utils';
import { startEmulator } from 'azure-emulator';
import {
  type Campaign,
  type AuditRecord,
  type CampaignIntent,
  type CampaignReport,
  type CampaignStart,
  ORIGIN_HEADER,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { testDatabases } from '../../__testUtils__/databases';
import {
  group,
  person,
  resource,
  startPortal,
  SUBSCRIPTION,
  type TestPortal,
} from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';
import { Leases } from '../../engine/Leases';
import { deleteEnded } from '../../engine/retention';
import { each, idOf, once, PINNED, WORLD } from './__testUtils__/campaignWorld';

const [database] = testDatabases({ fast: 'SQLite' });

const TEAMS = ['team-a', 'team-b', 'team-c'];
/** Owner of a team's registries. */
const OWNERS = ['alice', 'bob', 'carol'];
const NAMES = PINNED.slice(0, 6);
const teamOf = (name: string) => NAMES.indexOf(name as never) % TEAMS.length;
const entityOf = (name: string) => `resource:default/${name}`;
const ownedBy = (user: string) =>
  NAMES.filter(name => OWNERS[teamOf(name)] === user);

/** The identity by which a registry reaches its key. */
const identityOf = (name: string) =>
  `${idOf(name).groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${name}`;

const ENTITIES = [
  ...PINNED.map(name =>
    resource(name, idOf(name).toString(), TEAMS[Math.max(0, teamOf(name))]),
  ),
  ...OWNERS.map((name, index) => person(name, TEAMS[index])),
  ...TEAMS.map(name => group(name)),
  person('olivia', 'platform-team'),
];

interface RegistryBody {
  identity: { userAssignedIdentities: Record<string, object> };
  properties: {
    encryption: {
      keyVaultProperties: { keyIdentifier: string; identity: string };
    };
  };
}

const armUrl = (name: string) =>
  `https://management.azure.com${idOf(name)}?api-version=2025-11-01`;

describe('a campaign whose members need the approval of their owners', () => {
  let azure: Awaited<ReturnType<typeof startEmulator>>;
  let portal: TestPortal;
  let db: Knex;

  const start = async () => {
    portal = await startPortal({
      db,
      azure,
      entities: ENTITIES,
      config: {
        scopes: [`/subscriptions/${SUBSCRIPTION}`],
        bindings: PINNED.map(name => ({
          registryId: idOf(name).toString(),
          entityRef: entityOf(name),
        })),
        approvals: { rotate: 'required' },
        // The registry of the first entity may use the identity of the second one, too.
        identities: [
          {
            resourceId: identityOf(NAMES[1]),
            entityRefs: [entityOf(NAMES[0])],
          },
        ],
        approvers: [
          { permissions: ['acr-cmk.operation.approve'], owners: true },
        ],
      },
    });
    // Each owner approves for their entities, and for no others.
    portal.decide((permission, ref, user) =>
      permission === 'acr-cmk.operation.approve'
        ? ownedBy(user).some(name => entityOf(name) === ref)
        : true,
    );
  };

  /** Another process, on the same database. */
  const restart = async () => {
    const copy = await database.copyOf(db);
    await portal.stop();
    db = await copy();
    await start();
  };

  beforeAll(async () => {
    azure = await startEmulator({
      world: WORLD,
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
  });
  afterAll(() => azure.close());
  beforeEach(async () => {
    azure.reset();
    db = await database.open();
    await start();
    // A plan lists every registry of the scopes.
    await portal.plan(NAMES[0], idOf(NAMES[0]).toString(), { kind: 'rotate' });
    azure.clearRequests();
  });
  afterEach(() => portal.stop());

  const read = (id: string, user?: string) => portal.as(user).campaigns.get(id);
  const untilState = (id: string, wanted: Campaign['state']) =>
    until(
      `it is ${wanted}`,
      () => read(id),
      ({ state }) => state === wanted,
      60_000,
    );
  /** The campaign as somebody sees it whose approval it awaits. */
  const untilAsked = (id: string, user: string) =>
    until(
      `${user} is asked`,
      () => read(id, user),
      ({ request }) => request !== undefined,
    );

  async function startCampaign(
    names: readonly string[],
    strategy: CampaignStart['strategy'] = { stages: [{}], concurrency: 5 },
    intent: CampaignIntent = { kind: 'automatic-mode' },
  ): Promise<string> {
    const { id } = await portal.as().campaigns.create({
      intent,
      selection: { registryIds: names.map(name => idOf(name).toString()) },
    });
    const { hash, message } = await untilState(id, 'preview');
    expect(message).toBe(`${names.length} will change`);
    await portal.as().campaigns.start(id, {
      hash: hash!,
      strategy,
      reason: 'They never follow new versions',
    });
    return id;
  }

  const post = async (
    id: string,
    path: string,
    { body = {}, ...more }: Parameters<TestPortal['request']>[2] = {},
  ) => {
    const { status, body: answer } = await portal.request(
      'POST',
      `/v1/campaigns/${id}/${path}`,
      { body, ...more },
    );
    return { status, ...answer.error };
  };
  const membersOf = async (id: string) =>
    (await portal.as().campaigns.members(id, { limit: 200 })).items;
  const statesOf = async (id: string) =>
    Object.fromEntries(
      (await membersOf(id)).map(({ name, state }) => [name, state]),
    );
  /** @param times - 0 for all */
  const refusePatches = (name: string, times: number) =>
    azure.faults.add({
      method: 'PATCH',
      path: `*/registries/${name}`,
      status: 400,
      code: 'BadRequest',
      times,
    });
  const patches = () => {
    const counts: Record<string, number> = {};
    for (const write of portal.writes()) {
      const [, name] = /^PATCH .*\/registries\/([^/?]+)/i.exec(write) ?? [];
      if (name) counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  /** One decision of each of these people, over all that awaits them. */
  const approve = async (
    id: string,
    users: readonly string[],
    rejected: string[] = [],
  ) => {
    for (const user of users) {
      const campaign = await untilAsked(id, user);
      const { stage, hash } = campaign.request!;
      const { items } = await portal
        .as(user)
        .campaigns.members(id, { mine: true });
      await portal.as(user).campaigns.decide(id, stage, {
        hash,
        rejected: items
          .filter(({ name }) => rejected.includes(name))
          .map(({ position }) => ({ position, reason: 'Not this week' })),
      });
    }
  };

  /** Lets a registry use the key of another one, by the identity that reaches the key already. */
  const useKey = async ({ of, by }: { of: string; by: string }) => {
    const used = await azure.outOfBand('GET', armUrl(of));
    const { identity, properties } = used.body as RegistryBody;
    const { keyVaultProperties } = properties.encryption;
    await asAdmin(azure).changeRegistry(idOf(by).toString(), {
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: Object.fromEntries(
          Object.keys(identity.userAssignedIdentities).map(name => [name, {}]),
        ),
      },
      properties: {
        encryption: {
          status: 'enabled',
          keyVaultProperties: {
            keyIdentifier: keyVaultProperties.keyIdentifier,
            identity: keyVaultProperties.identity,
          },
        },
      },
    });
    // Lists show it some minutes later.
    azure.clock.advance(20 * 60_000);
    await portal.ageFacts(60 * 60_000);
  };

  it('changes in two stages what three owners approve, and nothing that one rejects', async () => {
    const id = await startCampaign(NAMES, {
      stages: [{ count: 3 }, {}],
      concurrency: 5,
    });
    // The second stage asks nobody before the first has ended.
    const asked = await untilAsked(id, 'alice');
    expect(asked).toMatchObject({
      request: { stage: 1, members: 1, expiresAt: expect.any(String) },
      offers: expect.arrayContaining(['decide']),
    });
    expect(await portal.as('alice').fleet.waiting()).toMatchObject({
      items: [],
      campaigns: [
        {
          campaignId: id,
          title: 'Switch 1 registry to automatic version mode',
          stage: 1,
          members: 1,
          hash: asked.request!.hash,
          requestedBy: 'user:default/olivia',
          reason: 'They never follow new versions',
        },
      ],
    });
    expect(
      await portal.as('alice').campaigns.members(id, { mine: true }),
    ).toMatchObject({ items: [{ name: NAMES[0], state: 'approval' }] });
    expect((await read(id)).request).toBeUndefined();
    expect(patches()).toEqual({});

    await approve(id, OWNERS, [NAMES[1]]);
    await approve(id, OWNERS, [NAMES[4]]);
    const ended = await untilState(id, 'ended');
    expect(ended.message).toBe('Ended with 2 rejected. 4 of 6 succeeded');
    // Of each person, one line for a stage and none for its operations.
    const decisionsOf = async (user: string) => {
      const { decided, decidedStages } = await portal.as(user).fleet.waiting();
      expect(decided).toEqual([]);
      return decidedStages.map(({ stage, approved, rejected, ...of }) => {
        expect(of).toMatchObject({
          campaignId: id,
          title: 'Switch 1 registry to automatic version mode',
          decidedAt: expect.any(String),
        });
        return [stage, approved, rejected];
      });
    };
    expect(await decisionsOf('alice')).toEqual([
      [2, 1, 0],
      [1, 1, 0],
    ]);
    expect(await decisionsOf('bob')).toEqual([
      [2, 0, 1],
      [1, 0, 1],
    ]);
    expect(await decisionsOf('olivia')).toEqual([]);
    const changed = NAMES.filter((_, index) => index !== 1 && index !== 4);
    expect(await statesOf(id)).toEqual({
      ...each(NAMES, 'rejected'),
      ...each(changed, 'succeeded'),
    });
    expect(patches()).toEqual(once(changed));
    const members = await membersOf(id);
    expect(members[1]).toMatchObject({
      message:
        'Rejected by user:default/bob: Not this week. Nothing was written',
    });
    const { operationId } = members[0];
    expect(await portal.as().operation(operationId!)).toMatchObject({
      campaignId: id,
      requestedBy: 'user:default/olivia',
      approval: {
        state: 'approved',
        by: 'user:default/alice',
        needs: [{ by: 'user:default/alice' }],
      },
    });
  });

  it('takes a decision only about the list that was seen, from somebody who may', async () => {
    const id = await startCampaign(NAMES.slice(0, 3));
    await untilAsked(id, 'alice');
    const decide = async (
      user: string,
      body: object,
      headers?: Record<string, string>,
    ) =>
      post(id, 'stages/1/decision', {
        user,
        headers,
        body: { hash: 'a'.repeat(64), rejected: [], ...body },
      });
    const { hash } = (await read(id, 'alice')).request!;
    expect(await decide('olivia', { hash })).toMatchObject({
      status: 403,
      message: expect.stringMatching(/You requested it/),
    });
    expect(
      await decide('alice', { hash }, { [ORIGIN_HEADER]: 'program' }),
    ).toMatchObject({ status: 403 });
    expect(await decide('alice', {})).toMatchObject({
      status: 400,
      field: 'hash',
    });
    expect(
      await decide('alice', {
        hash,
        rejected: [{ position: 2, reason: 'Not mine' }],
      }),
    ).toMatchObject({
      status: 400,
      field: 'rejected[0].position',
    });
    expect(
      await decide('alice', { hash: (await read(id, 'bob')).request!.hash }),
    ).toMatchObject({ status: 400, field: 'hash' });
    expect(await statesOf(id)).toEqual(each(NAMES.slice(0, 3), 'approval'));
    expect(await decide('alice', { hash })).toMatchObject({ status: 200 });
    // Nothing awaits her any more.
    expect(await decide('alice', { hash })).toMatchObject({ status: 409 });
  });

  it('does not touch a registry whose key another one starts to use after the approval, and waits', async () => {
    const [one, two] = NAMES;
    const id = await startCampaign(
      [one, two],
      { stages: [{ count: 1 }, {}], concurrency: 5 },
      { kind: 'new-version' },
    );
    await portal.as().campaigns.pause(id);
    await approve(id, ['alice']);
    await useKey({ of: one, by: PINNED[9] });
    azure.clearRequests();
    await portal.as().campaigns.resume(id);
    const waiting = await until(
      'the member is seen to have changed',
      () => read(id),
      ({ message = '' }) => message.includes('no longer fits'),
    );
    expect(waiting).toMatchObject({
      state: 'running',
      message:
        'The plan of 1 member no longer fits, and nothing was written. Retry or skip it, or abort the campaign',
    });
    expect((await membersOf(id))[0]).toMatchObject({
      state: 'changed',
      message: expect.stringMatching(/registries affected/),
    });
    expect(patches()).toEqual({});

    // The requester plans it again, and the owner agrees to the new plan.
    await portal.as().campaigns.retry(id);
    await approve(id, ['alice']);
    // The proof reads it as well.
    expect((await membersOf(id))[0].registries).toEqual([one, PINNED[9]]);
    await approve(id, ['bob']);
    await untilState(id, 'ended');
    expect(patches()).toEqual(once([one, two]));
  });

  it('asks again for an approval that has become too old in a pause', async () => {
    const [one] = NAMES;
    const id = await startCampaign([one]);
    await portal.as().campaigns.pause(id);
    await approve(id, ['alice']);
    const row = db('operations').where({ campaign_id: id });
    const [needs] = await row.clone().pluck('needs');
    const old = JSON.parse(needs!).map((need: object) => ({ ...need, at: 1 }));
    await row.clone().update({ needs: JSON.stringify(old) });
    await portal.as().campaigns.resume(id);
    await untilAsked(id, 'alice');
    expect(await statesOf(id)).toEqual({ [one]: 'approval' });
    expect(patches()).toEqual({});
    await approve(id, ['alice']);
    await untilState(id, 'ended');
    expect(patches()).toEqual(once([one]));
  });

  it('does not retry with a key that its registry has come to use, and that nobody has selected', async () => {
    const [one, two] = NAMES;
    const id = await startCampaign([one], undefined, { kind: 'new-version' });
    await portal.as().campaigns.pause(id);
    await approve(id, ['alice']);
    await useKey({ of: two, by: one });
    azure.clearRequests();
    await portal.as().campaigns.resume(id);
    await until(
      'the member has changed',
      () => statesOf(id),
      states => Object.values(states).includes('changed'),
    );
    await portal.as().campaigns.retry(id);
    await until(
      'the retry has ended',
      () => read(id),
      ({ retry }) => retry === undefined,
    );
    expect(await membersOf(id)).toMatchObject([
      {
        state: 'changed',
        message: expect.stringMatching(
          /tried again: .* no longer uses that key\. Start a new campaign/,
        ),
      },
    ]);
    expect(portal.writes()).toEqual([]);
  });

  it('changes the identity of a registry, with the access that it needs', async () => {
    const [one, two] = NAMES;
    const id = await startCampaign(
      [one],
      { stages: [{}], concurrency: 1 },
      { kind: 'identity', identity: identityOf(two), grantAccess: true },
    );
    await approve(id, ['alice']);
    const ended = await untilState(id, 'ended');
    expect(ended.message).toBe('Ended. 1 member succeeded');
    expect(await membersOf(id)).toMatchObject([
      { state: 'succeeded', before: `id-${one}`, after: `id-${two}` },
    ]);
    const { body } = await azure.outOfBand('GET', armUrl(one));
    const { identity, properties } = body as RegistryBody;
    const attached = Object.entries(
      identity.userAssignedIdentities as Record<string, { clientId: string }>,
    ).find(([resourceId]) => resourceId.endsWith(`/id-${two}`));
    expect(attached?.[1].clientId).toBe(
      properties.encryption.keyVaultProperties.identity,
    );
  });

  it('survives a pause and the restart of the backend', async () => {
    const names = NAMES.slice(0, 3);
    const id = await startCampaign(names, { stages: [{}], concurrency: 1 });
    await portal.as().campaigns.pause(id, { reason: 'Lunch' });
    await approve(id, OWNERS);
    expect(await read(id)).toMatchObject({
      state: 'paused',
      message: 'Paused by user:default/olivia: Lunch',
      offers: expect.arrayContaining(['resume', 'abort', 'skip', 'report']),
    });
    await restart();
    expect(await statesOf(id)).toEqual(each(names, 'ready'));
    await portal.as().campaigns.resume(id);
    const ended = await untilState(id, 'ended');
    expect(ended.message).toBe('Ended. All 3 members succeeded');
    expect(patches()).toEqual(once(names));
  });

  it('starts nothing after it was aborted, and lists what was not started', async () => {
    const names = NAMES.slice(0, 3);
    const id = await startCampaign(names);
    await approve(id, ['alice']);
    await until(
      'the first member has ended',
      () => statesOf(id),
      states => states[names[0]] === 'succeeded',
    );
    await portal.as().campaigns.abort(id, { reason: 'Wrong week' });
    const aborted = await untilState(id, 'aborted');
    expect(aborted).toMatchObject({
      message:
        'Ended with 2 not started. 1 of 3 succeeded. Aborted by user:default/olivia: Wrong week',
      offers: ['report'],
    });
    expect(await statesOf(id)).toEqual({
      [names[0]]: 'succeeded',
      [names[1]]: 'not-started',
      [names[2]]: 'not-started',
    });
    expect(await post(id, 'resume')).toMatchObject({ status: 409 });
    expect((await read(id, 'bob')).request).toBeUndefined();
    expect(patches()).toEqual(once([names[0]]));
  });

  it('skips a member with a reason, and retries it later with a new approval', async () => {
    const [one, two] = NAMES;
    const id = await startCampaign([one, two]);
    expect(await post(id, 'members/1/skip')).toMatchObject({
      status: 400,
      field: 'reason',
    });
    await portal.as().campaigns.skip(id, 1, { reason: 'In use today' });
    await approve(id, ['bob']);
    const ended = await untilState(id, 'ended');
    expect(ended.message).toBe('Ended with 1 skipped. 1 of 2 succeeded');
    expect(ended.offers).toEqual(['retry', 'report']);
    expect((await membersOf(id))[0]).toMatchObject({
      state: 'skipped',
      message: 'Skipped by user:default/olivia: In use today',
    });
    expect(await post(id, 'retry', { user: 'alice' })).toMatchObject({
      status: 403,
    });

    await portal.as().campaigns.retry(id);
    await approve(id, ['alice']);
    expect(await untilState(id, 'ended')).toMatchObject({
      message: 'Ended. All 2 members succeeded',
    });
    expect(patches()).toEqual(once([one, two]));
  });

  it('goes on after a failure only when its requester resumes it', async () => {
    const names = NAMES.slice(0, 2);
    refusePatches(names[0], 0);
    const id = await startCampaign(names, {
      stages: [{ count: 1 }, {}],
      concurrency: 5,
    });
    await approve(id, ['alice']);
    const paused = await untilState(id, 'paused');
    expect(paused.message).toBe(
      '1 of 1 in stage 1 failed, and its strategy allows 0. Nothing new starts',
    );
    expect(Object.values(await statesOf(id))).toEqual(['failed', 'waiting']);
    expect((await read(id, 'bob')).request).toBeUndefined();
    await portal.as().campaigns.resume(id);
    await approve(id, ['bob']);
    expect(await untilState(id, 'ended')).toMatchObject({
      message: 'Ended with 1 failed. 1 of 2 succeeded',
    });
  });

  it('pauses by its limit when members have failed while a person had paused it', async () => {
    const id = await startCampaign(NAMES.slice(0, 2), {
      stages: [{ count: 1 }, {}],
      concurrency: 5,
    });
    await portal.as().campaigns.pause(id);
    // It was running when the campaign was paused.
    await db('campaign_members')
      .where({ campaign_id: id, stage: 1 })
      .update({ state: 'failed' });
    await portal.as().campaigns.resume(id);
    const paused = await untilState(id, 'paused');
    expect(paused.message).toMatch(/^1 of 1 in stage 1 failed/);
    await portal.as().campaigns.resume(id);
    await approve(id, ['bob']);
    await untilState(id, 'ended');
  });

  it('repeats a member that failed, by another operation', async () => {
    const [one] = NAMES;
    refusePatches(one, 1);
    const id = await startCampaign([one]);
    await approve(id, ['alice']);
    await untilState(id, 'ended');
    const [failed] = await membersOf(id);
    expect(failed.state).toBe('failed');
    await portal.as().campaigns.retry(id);
    await approve(id, ['alice']);
    await untilState(id, 'ended');
    const [repeated] = await membersOf(id);
    expect(repeated.state).toBe('succeeded');
    expect(repeated.operationId).not.toBe(failed.operationId);
  });

  it('is resumed only while its requester has what they had at the start', async () => {
    const [one, two] = NAMES;
    const id = await startCampaign([one, two]);
    const { campaigns } = await portal.as('alice').registriesOf(entityOf(one));
    expect(campaigns).toEqual([
      {
        id,
        title: 'Switch 1 registry to automatic version mode',
        state: 'running',
        members: [
          {
            name: one,
            stage: 1,
            state: expect.stringMatching(/approval|waiting/),
          },
        ],
      },
    ]);
    await portal.as().campaigns.pause(id);
    await approve(id, ['alice', 'bob']);
    portal.decide(
      (permission, ref, user) =>
        user !== 'olivia' ||
        permission !== 'acr-cmk.key.rotate' ||
        ref !== entityOf(one),
    );
    expect(await post(id, 'resume')).toMatchObject({
      status: 409,
      code: 'CAMPAIGN_STATE',
      message: expect.stringMatching(
        /no longer have the permission acr-cmk\.key\.rotate .* Skip those/,
      ),
    });
    await portal.as().campaigns.skip(id, 1, { reason: 'No longer mine' });
    await portal.as().campaigns.resume(id);
    await untilState(id, 'ended');
    expect(patches()).toEqual(once([two]));
    expect(
      await portal.as('alice').registriesOf(entityOf(one)),
    ).not.toHaveProperty('campaigns');
  });

  it('stays as it has ended, with its report, when none of its members can be retried', async () => {
    const [one, two] = NAMES;
    const id = await startCampaign([one, two]);
    await portal.as().campaigns.skip(id, 1, { reason: 'In use today' });
    await approve(id, ['bob']);
    await untilState(id, 'ended');
    const report = await portal.as().campaigns.report(id);
    portal.decide(permission => permission !== 'acr-cmk.key.rotate');
    expect(await post(id, 'retry')).toMatchObject({
      status: 409,
      code: 'CAMPAIGN_STATE',
      message: expect.stringMatching(
        new RegExp(`no member of it can be retried. ${one}: .*rotate`),
      ),
    });
    // The record of its end has the hash of this report.
    expect(await portal.as().campaigns.report(id)).toEqual({
      ...report,
      campaign: { ...report.campaign, revision: expect.any(Number) },
    });
    expect((await read(id)).retry).toBeUndefined();
  });

  describe('the report', () => {
    const BIN = resolve(__dirname, '../../../bin/acr-cmk-audit.js');
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'acr-cmk-report-'));
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      await rm(folder, { recursive: true });
    });

    /** The tool as an auditor runs it on an export. @returns code, and output by file */
    async function verify(
      records: readonly AuditRecord[],
      reports: readonly CampaignReport[],
    ) {
      const files = reports.map((_, index) => join(folder, `r${index}.json`));
      const exported = join(folder, 'audit.json');
      await Promise.all([
        ...files.map((file, index) =>
          writeFile(file, JSON.stringify(reports[index])),
        ),
        writeFile(exported, JSON.stringify(records)),
      ]);
      const options = files.flatMap(file => ['--report', file]);
      const { code, output } = await new Promise<{
        code: number;
        output: string;
      }>(done => {
        execFile(
          process.execPath,
          [BIN, 'verify', ...options, exported],
          { maxBuffer: 2 ** 26 },
          (error, stdout, stderr) =>
            done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
        );
      });
      const lines = output.split('\n');
      return {
        code,
        output,
        of: files.map(file => lines.filter(line => line.startsWith(file))),
      };
    }

    const exported = async () =>
      (await portal.request('GET', '/v1/audit?limit=1000')).body
        .items as AuditRecord[];

    /** A report whose members have ended in all ways that need no fault. */
    async function reported() {
      const names = NAMES.slice(0, 5);
      const id = await startCampaign(names);
      await portal.as().campaigns.skip(id, 5, { reason: 'In use today' });
      await approve(id, ['alice', 'bob'], [NAMES[1]]);
      await until(
        'the members of alice have ended',
        () => statesOf(id),
        states => states[NAMES[3]] === 'succeeded',
      );
      await portal.as().campaigns.abort(id, { reason: 'Wrong week' });
      await untilState(id, 'aborted');
      expect(Object.values(await statesOf(id))).toEqual([
        'succeeded',
        'rejected',
        'not-started',
        'succeeded',
        'skipped',
      ]);
      const report = await portal.as().campaigns.report(id);
      return { id, report, records: await exported() };
    }

    it('agrees with the records; with any field changed, it does not', async () => {
      const { report, records } = await reported();
      expect(report.members[0]).toMatchObject({
        member: { name: NAMES[0], state: 'succeeded' },
        approvers: ['user:default/alice'],
        records: expect.arrayContaining([expect.any(Number)]),
      });
      const honest = await verify(records, [report]);
      expect(honest.output).toContain('aborted, 5 members.');
      expect(honest.code).toBe(0);

      const changed = tampered(report);
      expect(changed.length).toBeGreaterThan(100);
      const { of, code } = await verify(
        records,
        changed.map(one => one.report),
      );
      expect(code).toBe(1);
      expect(
        changed
          .filter((_, index) => of[index].length === 0)
          .map(({ at }) => at),
      ).toEqual([]);
      expect(of.flat().join()).not.toContain('agrees');
    });

    it('does not agree with a field that was added', async () => {
      const { report, records } = await reported();
      const [first, ...others] = report.members;
      const added: object[] = [
        { ...report, note: 'Approved by the CISO' },
        { ...report, members: [{ ...first, note: 'x' }, ...others] },
      ];
      const { of } = await verify(records, added as CampaignReport[]);
      expect(of[0].join()).toContain('a field that no report has: note');
      expect(of[1].join()).toContain('a field that no report has: note');
    });

    it('keeps its operations, whatever the retention deletes, and agrees with the records', async () => {
      const { id, report, records } = await reported();
      const { length } = report.members;
      const later = Date.parse(report.campaign.endedAt!) + 1;
      // The newest operation of a registry is kept anyway.
      await db('operations')
        .where({ campaign_id: id })
        .update({ registry_key: 'a registry' });
      await deleteEnded(db, later);
      expect(await db('operations').where({ campaign_id: id })).toHaveLength(
        length,
      );
      expect(await portal.as().campaigns.report(id)).toEqual(report);
      expect((await verify(records, [report])).code).toBe(0);
    });

    it('does not agree without a member, an operation or a record', async () => {
      const { report, records } = await reported();
      const [first, ...others] = report.members;
      const { of } = await verify(records, [
        { ...report, members: others },
        {
          ...report,
          members: [
            { ...first, member: { ...first.member, operationId: undefined } },
            ...others,
          ],
        },
        { ...report, records: report.records.slice(1) },
        { ...report, records: report.records.slice(0, -1) },
      ]);
      expect(of[0].join()).toMatch(/its members are not those of record/);
      expect(of[0].join()).toMatch(/is missing in the report/);
      expect(of[1].join()).toMatch(/is succeeded and has no operation/);
      expect(of[2].join()).toMatch(/lists other records/);
      expect(of[3].join()).toMatch(/no record says that it has ended/);
      const partial = await verify(records.slice(0, -1), [report]);
      expect(partial.of[0].join()).toMatch(/no record says that it has ended/);
    });

    it('agrees at each moment in which a plan that no longer fits before its write is decided about', async () => {
      const names = NAMES.slice(0, 2);
      const worker = jest
        .spyOn(Leases.prototype, 'claim')
        .mockResolvedValue(undefined);
      const id = await startCampaign(names);
      await approve(id, ['alice', 'bob']);
      const untilAll = (state: string) =>
        until(
          `all are ${state}`,
          () => statesOf(id),
          states => Object.values(states).every(one => one === state),
        );
      await untilAll('running');
      const reports = [await portal.as().campaigns.report(id)];
      for (const name of names) {
        await asAdmin(azure).rotateKey('kv-fleet-00000', name);
      }
      worker.mockRestore();
      await untilAll('changed');
      reports.push(await portal.as().campaigns.report(id));
      await portal.as().campaigns.skip(id, 1, { reason: 'In use today' });
      reports.push(await portal.as().campaigns.report(id));
      await portal.as().campaigns.abort(id, { reason: 'Wrong week' });
      await untilState(id, 'aborted');
      expect(Object.values(await statesOf(id))).toEqual([
        'skipped',
        'not-started',
      ]);
      const last = await portal.as().campaigns.report(id);
      expect(last.members).toMatchObject([
        { member: { operationId: expect.any(String) } },
        { member: { operationId: expect.any(String) } },
      ]);
      const records = await exported();
      const honest = await verify(records, [...reports, last]);
      expect(honest).toMatchObject({ code: 0 });
      expect(honest.of[1].join()).toContain('It has gone on since: ');
      expect(honest.of[3].join()).not.toContain('It has gone on since');

      // Nobody has skipped the second one.
      const [first, second] = reports[1].members;
      const { of } = await verify(records, [
        {
          ...reports[1],
          members: [
            first,
            { ...second, member: { ...second.member, state: 'skipped' } },
          ],
        },
      ]);
      expect(of[0].join()).toMatch(/Member 2: it is skipped, and record/);
    });

    it('agrees while the campaign goes on after its end, and what it was at its end agrees, too', async () => {
      const [one, two] = NAMES;
      const id = await startCampaign([one, two]);
      for (const position of [1, 2]) {
        await portal.as().campaigns.skip(id, position, { reason: 'Not today' });
      }
      await untilState(id, 'ended');
      const ended = await portal.as().campaigns.report(id);
      portal.decide(
        (permission, ref) =>
          permission !== 'acr-cmk.key.rotate' || ref !== entityOf(two),
      );
      // The first one goes on, and then there is none to retry.
      for (const positions of [[1], []]) {
        await portal.as().campaigns.retry(id);
        const retried = (await exported()).filter(
          ({ event }) => event === 'campaign-retried',
        );
        expect(retried.at(-1)?.details).toMatchObject({ positions });
      }
      const open = await portal.as().campaigns.report(id);
      expect(open.campaign.state).toBe('running');
      const { code, of } = await verify(await exported(), [ended, open]);
      expect(of.flat().join()).toContain('agrees with the records');
      expect(code).toBe(0);
    });

    it('is for its requester and for auditors, as JSON and CSV', async () => {
      const { id, report } = await reported();
      const raw = await fetch(
        `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk/v1/campaigns/${id}/report.csv`,
        {
          headers: {
            Authorization: mockCredentials.user.header('user:default/olivia'),
          },
        },
      );
      expect(raw.headers.get('content-type')).toMatch(/^text\/csv/);
      const lines = (await raw.text()).trim().split('\r\n');
      expect(lines).toHaveLength(6);
      expect(lines[2]).toContain('Rejected by user:default/bob: Not this week');
      expect(await portal.as('carol').campaigns.report(id)).toEqual(report);
      portal.decide(permission => permission !== 'acr-cmk.audit.read');
      expect(
        await portal.request('GET', `/v1/campaigns/${id}/report`, {
          user: 'carol',
        }),
      ).toMatchObject({
        status: 403,
        body: { error: { permission: 'acr-cmk.audit.read' } },
      });
      expect(await portal.as().campaigns.report(id)).toEqual(report);
    });
  });
});

/** The report with each of its values changed, one at a time. Offers and revision say nothing about what was done. */
function tampered(
  report: CampaignReport,
): { at: string; report: CampaignReport }[] {
  const paths: (string | number)[][] = [];
  const visit = (value: unknown, path: (string | number)[]) => {
    if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, [...path, key]);
      }
    } else if (path[1] !== 'revision') paths.push(path);
  };
  visit(report, []);
  return paths.map(path => {
    const copy = JSON.parse(JSON.stringify(report));
    const parent = path.slice(0, -1).reduce((at, key) => at[key], copy);
    const last = path[path.length - 1];
    const value = parent[last];
    parent[last] = typeof value === 'number' ? value + 1 : `${value}x`;
    return { at: path.join('.'), report: copy };
  });
}
