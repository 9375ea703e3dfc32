import {
  type Campaign,
  type CampaignIntent,
  type CampaignMember,
  type CampaignReport,
  type CampaignRequest,
  type CampaignSelection,
  type CampaignStart,
  DEFAULT_CAMPAIGN_STRATEGY,
  fleetReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import {
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';
import {
  createRegistryConditionalDecision,
  registryConditions,
} from '../../registries/fleet/rules';

const MODE: CampaignIntent = { kind: 'automatic-mode' };
const ORDERS = registryId('ordersimages');
const CHECKOUT = registryId('checkoutimages');
const SHOP = registryId('shopimages');
const DATA = registryId('shareddata', 'rg-platform');
const SHARED_KEY =
  'https://kv-contoso-rbac.vault.azure.net/keys/platform-shared';
/** An entity that the catalog hides from Paul. */
const HIDDEN = 'resource:default/orders-images';
/** One that it hides from Priya. */
const TOOLS = 'resource:default/shared-tools';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'campaigns until their start, on $name',
  ({ open }) => {
    let portal: TestPortal;
    let db: Knex;
    beforeAll(async () => {
      db = await open();
      portal = await startPortal({
        db,
        config: {
          campaigns: {
            // What is started here changes nothing.
            freezes: [
              { from: '2020-01-01', to: '2100-01-01', reason: 'A test' },
            ],
          },
          approvers: [{ permissions: ['acr-cmk.key.rotate'], owners: true }],
        },
        limits: { campaignMembers: 16, waitingRequests: 2 },
        hides: (ref, user) =>
          (user === 'paul' && ref === HIDDEN) ||
          (user === 'priya' && ref === TOOLS),
      });
      // A plan lists every registry of the scopes.
      await portal.plan('orders-images', ORDERS, { kind: 'rotate' });
    });
    afterAll(() => portal.stop());
    beforeEach(async () => {
      portal.decide(() => true);
      await db('campaign_members').delete();
      await db('campaigns').delete();
      await db('audit').delete();
      await db('audit_head').delete();
    });

    const planned = (id: string, user?: string) =>
      until(
        'the preview is complete',
        () => portal.as(user).campaigns.get(id),
        ({ state }) => state !== 'previewing',
        30_000,
      );
    async function preview(
      request: CampaignRequest,
      user?: string,
    ): Promise<{
      campaign: Campaign;
      members: CampaignMember[];
      of: Record<string, CampaignMember>;
    }> {
      const { id } = await portal.as(user).campaigns.create(request);
      const campaign = await planned(id, user);
      const { items } = await portal
        .as(user)
        .campaigns.members(id, { limit: 200 });
      return {
        campaign,
        members: items,
        of: Object.fromEntries(items.map(one => [one.name, one])),
      };
    }
    const select = (
      selection: CampaignSelection,
      intent: CampaignIntent = MODE,
      user?: string,
    ) => preview({ intent, selection }, user);
    const post = async (
      body: unknown,
      { user = 'olivia', path = '/v1/campaigns' } = {},
    ) => {
      const { status, body: answer } = await portal.request('POST', path, {
        body,
        user,
      });
      return { status, ...answer.error };
    };
    const startOf = ({ hash }: Campaign): CampaignStart => ({
      hash: hash!,
      strategy: DEFAULT_CAMPAIGN_STRATEGY,
      reason: 'They never rotate',
    });

    const start = (campaign: Campaign, user?: string) =>
      portal.as(user).campaigns.start(campaign.id, startOf(campaign));
    const postStart = (campaign: Campaign, more: object = {}, user?: string) =>
      post(
        { ...startOf(campaign), ...more },
        { user, path: `/v1/campaigns/${campaign.id}/start` },
      );
    const forbidRotate = (entityRef: string) =>
      portal.decide(
        (permission, ref) =>
          permission !== 'acr-cmk.key.rotate' || ref !== entityRef,
      );

    describe('the preview', () => {
      it('shows the outcome of each registry, and writes nothing to Azure', async () => {
        const writes = portal.writes();
        const plans = await db('plans').pluck('id');
        const { campaign, of } = await select({ filter: {} });

        expect(campaign).toMatchObject({
          state: 'preview',
          title: 'Switch 2 registries to automatic version mode',
          message: '2 will change, 10 already so, 3 blocked, 1 unlinked',
          registries: 2,
          writes: 2,
          estimatedSeconds: 60,
          offers: ['start'],
        });
        expect(campaign.stages.map(({ members }) => members)).toEqual([1, 1]);
        expect(of.ordersimages).toMatchObject({
          outcome: 'change',
          state: 'waiting',
          before: expect.stringMatching(/^Manual, version [0-9a-f]{8}…$/),
          after: 'Automatic',
          entityRef: 'resource:default/orders-images',
          registries: ['ordersimages'],
        });
        // The catalog has no groups here that anybody could see.
        expect(
          await db('campaign_members')
            .where({ name: 'ordersimages' })
            .pluck('owner'),
        ).toEqual(['group:default/team-shop']);
        expect(of.shopimages).toMatchObject({
          outcome: 'already',
          state: 'excluded',
          before: 'Automatic',
          after: 'Automatic',
        });
        // Nobody has to own what is so already.
        expect(of.unboundimages).toMatchObject({ outcome: 'already' });
        expect(of.legacyimages).toMatchObject({
          outcome: 'blocked',
          message: expect.stringMatching(/expired on/),
        });
        expect(of.plainimages).toMatchObject({
          outcome: 'blocked',
          message: expect.stringMatching(/no customer-managed key/),
        });
        expect(of.shareddata).toMatchObject({ outcome: 'unlinked' });
        expect(campaign.unlinkedCommands).toEqual([
          `az tag update --operation Merge --tags 'backstage-entity-ref=<kind:namespace/name of the entity>' --resource-id ${DATA}`,
        ]);

        expect(portal.writes()).toEqual(writes);
        expect(await db('operations').select('id')).toEqual([]);
        // Those of its members, for which nobody has been asked to agree.
        const kept = (await db('campaign_members').pluck('plan')).flatMap(
          plan => (plan ? JSON.parse(plan).planId : []),
        );
        expect((await db('plans').pluck('id')).sort()).toEqual(
          [...plans, ...kept].sort(),
        );
      });

      it('blocks a member that the requester may not change', async () => {
        forbidRotate(HIDDEN);
        const { campaign, of } = await select({
          registryIds: [ORDERS, CHECKOUT],
        });
        expect(of.ordersimages).toMatchObject({
          outcome: 'blocked',
          state: 'excluded',
          message: expect.stringMatching(
            /You need the permission acr-cmk\.key\.rotate on resource:default\/orders-images/,
          ),
        });
        expect(of.checkoutimages.outcome).toBe('change');
        expect(campaign.message).toBe('1 will change, 1 blocked');
      });

      it('blocks a member whose entity the requester may not see, without its name', async () => {
        const { of } = await select({ registryIds: [ORDERS] }, MODE, 'paul');
        expect(of.ordersimages.outcome).toBe('blocked');
        expect(of.ordersimages.entityRef).toBeUndefined();
        expect(JSON.stringify(of)).not.toContain('orders-images');
      });

      it('says what others have to agree to', async () => {
        forbidRotate(TOOLS);
        const { of } = await select(
          { registryIds: [registryId('sharedbase', 'rg-platform')] },
          { kind: 'new-version' },
        );
        const member = of['kv-contoso-rbac/platform-shared'];
        expect(member).toMatchObject({
          outcome: 'change',
          registryId: registryId('sharedbase', 'rg-platform'),
          registries: ['sharedbase', 'shareddata', 'sharedtools'],
          after: 'A new version',
        });
        expect(member.needs).toMatchObject([
          {
            permission: 'acr-cmk.key.rotate',
            entityRef: TOOLS,
            askedOf: ['group:default/team-shop'],
          },
        ]);
      });

      it('takes known facts, and asks Azure for none of them again', async () => {
        await select({ filter: {} });
        await portal.ageFacts(60 * 60_000);
        await db('facts')
          .whereLike('kind', 'list-of-%')
          .update({ read_at: Date.now(), expired_at: null });
        const before = portal.azure.requests().length;
        const { campaign } = await select({ filter: {} });
        expect(campaign.message).toBe(
          '2 will change, 10 already so, 3 blocked, 1 unlinked',
        );
        expect(portal.azure.requests().slice(before)).toEqual([]);
      });

      it('plans a policy for each key, and an identity for each registry', async () => {
        const rotation = await select(
          { keys: [SHARED_KEY] },
          {
            kind: 'automatic-rotation',
            policy: { timeAfterCreate: 'P90D' },
          },
        );
        expect(rotation.members).toMatchObject([
          {
            name: 'kv-contoso-rbac/platform-shared',
            keyIdentifier: SHARED_KEY,
            outcome: 'change',
            before: 'No new versions',
            after: 'A new version every 90 days',
          },
        ]);
        const identity = await select(
          { registryIds: [SHOP] },
          { kind: 'identity', identity: 'id-shopimages' },
        );
        expect(identity.members).toMatchObject([
          { outcome: 'already', after: 'id-shopimages' },
        ]);
      });

      it('is one of the ten newest of a person', async () => {
        const ids = [];
        for (let n = 0; n < 11; n += 1) {
          ids.push((await select({ registryIds: [ORDERS] })).campaign.id);
        }
        await select({ registryIds: [ORDERS] }, MODE, 'priya');
        const { items } = await portal.as().campaigns.list();
        expect(items.map(({ id }) => id).sort()).toEqual(ids.slice(1).sort());
        expect(await db('campaign_members').select('name')).toHaveLength(11);
      });

      it('is interrupted by a later one of the same person', async () => {
        const first = await select({ registryIds: [ORDERS] });
        const { id } = first.campaign;
        const later = Date.now() + 60_000;
        await db('campaigns').update({ state: 'previewing', due_at: later });
        const second = await select({ registryIds: [CHECKOUT] });
        expect(second.campaign.state).toBe('preview');
        expect(await portal.as().campaigns.get(id)).toMatchObject({
          state: 'interrupted',
          message: 'A later preview of the same person took its place',
          offers: [],
        });
      });

      it('is interrupted when its process has made no progress', async () => {
        const { campaign } = await select({ registryIds: [ORDERS] });
        const past = { state: 'previewing', hash: null, due_at: 1000 } as const;
        await db('campaigns').update(past);
        expect(await portal.as().campaigns.get(campaign.id)).toMatchObject({
          state: 'interrupted',
          message:
            'The process that planned its members ended. Create the preview again',
          offers: [],
        });
      });
    });

    describe('the selection', () => {
      it('is what the caller may see of the fleet', async () => {
        portal.decide(permission => permission !== 'acr-cmk.fleet.read');
        expect(
          await post({ intent: MODE, selection: { filter: {} } }),
        ).toMatchObject({ status: 403, permission: 'acr-cmk.fleet.read' });
      });

      it('finds registries by filter, id and key', async () => {
        const manual = await select({ filter: { mode: 'manual' } });
        expect(manual.members.map(({ name }) => name)).toEqual([
          'checkoutimages',
          'legacyimages',
          'ordersimages',
          'reportsimages',
          'shareddata',
        ]);
        const byId = await select({
          registryIds: [ORDERS, CHECKOUT],
        });
        expect(byId.members.map(({ name }) => name)).toEqual([
          'checkoutimages',
          'ordersimages',
        ]);
        const byKey = await select({ keys: [SHARED_KEY] });
        expect(byKey.members.map(({ name }) => name)).toEqual([
          'sharedbase',
          'shareddata',
          'sharedtools',
        ]);
      });

      it('is of keys where the key changes', async () => {
        const { members } = await select(
          { filter: { resourceGroup: 'rg-platform' } },
          { kind: 'new-version' },
        );
        expect(members.map(({ name }) => name)).toEqual([
          'kv-contoso-closed/hrimages',
          'kv-contoso-rbac/platform-shared',
        ]);
      });

      it('of a key names a registry that is linked, whichever was selected', async () => {
        const { members } = await select(
          { registryIds: [DATA] },
          { kind: 'new-version' },
        );
        expect(members).toMatchObject([
          {
            name: 'kv-contoso-rbac/platform-shared',
            registryId: registryId('sharedbase', 'rg-platform'),
            registries: ['sharedbase', 'shareddata', 'sharedtools'],
            outcome: 'change',
          },
        ]);
      });

      const of = (selection: unknown, intent: unknown = MODE) => ({
        intent,
        selection,
      });
      it.each<[field: string, body: unknown, message: RegExp]>([
        ['selection', of({}), /exactly one/],
        ['selection', of({ filter: {}, registryIds: [ORDERS] }), /exactly one/],
        [
          'selection',
          of({ filter: { search: 'nothing' } }),
          /selects no registry/,
        ],
        ['selection.registryIds', of({ registryIds: [] }), /./],
        ['selection.registryIds.1', of({ registryIds: [ORDERS, 'x'] }), /./],
        [
          'selection.registryIds.0',
          of({ registryIds: [registryId('nobodysimages')] }),
          /not a registry that you may see/,
        ],
        ['selection.keys.0', of({ keys: ['no key'] }), /not a key URI/],
        [
          'selection.keys.0',
          of({ keys: [`${SHARED_KEY}/${'0'.repeat(32)}`] }),
          /must have no version/,
        ],
        [
          'selection.keys.0',
          of({ keys: [`${SHARED_KEY}-not`] }),
          /no registry that you may see uses/,
        ],
        [
          'selection.registryIds.2',
          of({ registryIds: [ORDERS, CHECKOUT, ORDERS.toUpperCase()] }),
          /the same as selection\.registryIds\.0/,
        ],
        [
          'selection.keys.1',
          of({
            keys: [SHARED_KEY, SHARED_KEY.replace('platform', 'PLATFORM')],
          }),
          /the same as selection\.keys\.0/,
        ],
        ['selection.filter.mode', of({ filter: { mode: 'often' } }), /./],
        [
          'selection.filter.expiresBefore',
          of({ filter: { expiresBefore: '2026-02-31' } }),
          /not a valid date/,
        ],
        // PostgreSQL takes no text with a zero byte.
        ...['search', 'key', 'subscription'].map(
          (name): [string, unknown, RegExp] => [
            `selection.filter.${name}`,
            of({ filter: { [name]: 'a\u0000' } }),
            /must match pattern/,
          ],
        ),
        [
          'intent.identity',
          of({ filter: {} }, { kind: 'identity', identity: 'a\u0000' }),
          /must match pattern/,
        ],
        ['intent.kind', of({ filter: {} }, { kind: 'revoke' }), /./],
        [
          'intent.policy.timeAfterCreate',
          of(
            { filter: {} },
            { kind: 'automatic-rotation', policy: { timeAfterCreate: 'P1D' } },
          ),
          /./,
        ],
      ])('is refused with the field %s', async (field, body, message) => {
        const refusal = await post(body);
        expect(refusal).toMatchObject({ status: 400, field });
        expect(refusal.message).toMatch(message);
      });

      it('is refused with its number when it is too large', async () => {
        const all = await select({ filter: {} });
        expect(all.members).toHaveLength(16);
        const large = await startPortal({
          azure: portal.azure,
          limits: { campaignMembers: 15 },
        });
        try {
          await large.plan('orders-images', ORDERS, { kind: 'rotate' });
          const { body } = await large.request('POST', '/v1/campaigns', {
            body: { intent: MODE, selection: { filter: {} } },
          });
          expect(body.error.message).toMatch(
            /^selection: selects 16 registries; a campaign may have 15/,
          );
        } finally {
          await large.stop();
        }
      });
    });

    describe('the permission', () => {
      it('acr-cmk.campaign.create is needed', async () => {
        portal.forbid('acr-cmk.campaign.create');
        expect(
          await post({ intent: MODE, selection: { filter: {} } }),
        ).toMatchObject({ status: 403, permission: 'acr-cmk.campaign.create' });
        expect((await portal.as().campaigns.list()).mayCreate).toBe(false);
        portal.decide(() => true);
        expect((await portal.as().campaigns.list()).mayCreate).toBe(true);
      });

      it('to read an entity shows its members, and nothing before the start', async () => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        const { id } = campaign;
        const asDaniel = () =>
          portal.request('GET', `/v1/campaigns/${id}`, { user: 'daniel' });
        expect((await asDaniel()).status).toBe(404);
        expect((await portal.as('daniel').campaigns.list()).items).toEqual([]);

        await start(campaign);
        // Daniel may create campaigns, too.
        const all = await portal.as('daniel').campaigns.members(id);
        expect(all.total).toBe(2);

        portal.decide(
          (permission, ref) =>
            permission === 'acr-cmk.registry.read' && ref === HIDDEN,
        );
        const own = await portal.as('daniel').campaigns.members(id);
        expect(own.items.map(({ name }) => name)).toEqual(['ordersimages']);
        expect(own.total).toBe(1);
        const seen = (await asDaniel()).body as Campaign;
        // How many others there are is not theirs to know.
        expect(seen).toMatchObject({
          outcomes: [{ outcome: 'change', count: 1 }],
          states: [{ count: 1 }],
          offers: [],
        });
        expect(seen.stages.map(({ members }) => members)).toEqual([1]);
        for (const field of ['registries', 'writes', 'strategy'] as const) {
          expect(seen).not.toHaveProperty(field);
        }
        expect(
          (await portal.as('daniel').campaigns.list()).items.map(
            ({ title }) => title,
          ),
        ).toEqual(['Switch 1 registry to automatic version mode']);

        portal.decide(() => false);
        expect((await asDaniel()).status).toBe(404);
        expect((await portal.as('daniel').campaigns.list()).items).toEqual([]);
      });
    });

    describe('the operation of a member', () => {
      it('is named to those who may see its page', async () => {
        forbidRotate(TOOLS);
        const { campaign } = await select(
          { keys: [SHARED_KEY] },
          { kind: 'new-version' },
        );
        await start(campaign);
        portal.decide(
          (permission, ref) =>
            permission === 'acr-cmk.key.rotate' && ref === TOOLS,
        );
        const member = async () =>
          (await portal.as('daniel').campaigns.members(campaign.id)).items[0];
        const pageOf = async (id: string) =>
          (
            await portal.request('GET', `/v1/operations/${id}`, {
              user: 'daniel',
            })
          ).status;
        const { operationId = '' } = await member();
        expect(await pageOf(operationId)).toBe(200);

        // Approvers of another member of its entity see it, and not its operation.
        await db('operations')
          .where({ id: operationId })
          .update({ needs: '[]' });
        expect(await pageOf(operationId)).toBe(404);
        const shown = await member();
        expect(shown.name).toBe('kv-contoso-rbac/platform-shared');
        expect(shown).not.toHaveProperty('operationId');
      });
    });

    describe('the report', () => {
      it('names to its requester only what they may see, and everything to auditors', async () => {
        portal.decide(
          (permission, ref, user) =>
            user === 'olivia' ||
            (permission !== 'acr-cmk.audit.read' &&
              (permission !== 'acr-cmk.key.rotate' || ref !== TOOLS)),
        );
        portal.decideFleet(user =>
          user === 'priya'
            ? createRegistryConditionalDecision(fleetReadPermission, {
                not: registryConditions.isOfEntity({ entityRefs: [TOOLS] }),
              })
            : { result: AuthorizeResult.ALLOW },
        );
        const { campaign } = await select(
          { keys: [SHARED_KEY] },
          { kind: 'new-version' },
          'priya',
        );
        const { id } = campaign;
        await start(campaign, 'priya');
        const reportOf = async (user: string) =>
          (await portal.request('GET', `/v1/campaigns/${id}/report`, { user }))
            .body as CampaignReport;
        const [{ member }] = (await reportOf('priya')).members;
        expect(member.needs).toMatchObject([
          { permission: 'acr-cmk.key.rotate', hiddenEntity: true },
        ]);
        expect(JSON.stringify(member)).not.toContain(TOOLS);
        expect(member.registries).not.toContain('sharedtools');
        const [whole] = (await reportOf('olivia')).members;
        expect(whole.member.needs).toMatchObject([{ entityRef: TOOLS }]);
        expect(whole.member.registries).toContain('sharedtools');
      });
    });

    describe('the members', () => {
      it('come in pages, by outcome, state and stage', async () => {
        const { campaign } = await select({ filter: {} });
        const { id } = campaign;
        const names = [];
        let cursor: string | undefined;
        do {
          const page = await portal
            .as()
            .campaigns.members(id, { limit: 7, cursor });
          expect(page.total).toBe(16);
          names.push(...page.items.map(({ name }) => name));
          cursor = page.nextCursor;
        } while (cursor);
        expect(names).toEqual([...names].sort());
        expect(new Set(names).size).toBe(16);

        const blocked = await portal
          .as()
          .campaigns.members(id, { outcome: ['blocked', 'unlinked'] });
        expect(blocked.total).toBe(4);
        await start(campaign);
        const second = await portal.as().campaigns.members(id, { stage: 2 });
        expect(second.items.map(({ name }) => name)).toEqual(['ordersimages']);
      });
    });

    describe('a retry that could not be planned', () => {
      it('says why to the requester alone', async () => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        const { id } = campaign;
        await start(campaign);
        const [, { position }] = (await portal.as().campaigns.members(id))
          .items;
        await post(
          { reason: 'Not this one' },
          { path: `/v1/campaigns/${id}/members/${position}/skip` },
        );
        forbidRotate(HIDDEN);
        await post({}, { path: `/v1/campaigns/${id}/retry` });
        const messageTo = async (user: string) =>
          (await portal.as(user).campaigns.members(id, { state: ['skipped'] }))
            .items[0].message;
        expect(await messageTo('olivia')).toMatch(
          /: Not this one\. It could not be tried again: You need the permission/,
        );
        expect(await messageTo('paul')).toBe(
          'Skipped by user:default/olivia: Not this one. It could not be tried again',
        );
      });
    });

    describe('the estimate', () => {
      it('is of any strategy, for the requester', async () => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        const { id } = campaign;
        const estimate = (strategy: CampaignStart['strategy']) =>
          portal.as().campaigns.estimate(id, strategy);
        expect(await estimate(DEFAULT_CAMPAIGN_STRATEGY)).toEqual({
          estimatedSeconds: campaign.estimatedSeconds,
          stages: [1, 1],
        });
        expect(await estimate({ stages: [{}], concurrency: 5 })).toEqual({
          estimatedSeconds: 30,
          stages: [2],
        });
        const path = `/v1/campaigns/${id}/estimate`;
        expect(
          await post({ stages: [{ count: 1 }], concurrency: 5 }, { path }),
        ).toMatchObject({ status: 400, field: 'strategy.stages.0' });
        const body = { stages: [{}], concurrency: 5 };
        expect(await post(body, { path, user: 'daniel' })).toMatchObject({
          status: 404,
        });
      });
    });

    describe('a refusal', () => {
      it('is recorded where the caller may see the campaign', async () => {
        const { campaign } = await select({ registryIds: [ORDERS] });
        const { id } = campaign;
        const hash = '0'.repeat(64);
        const statusOf = async (user: string, path: string, body = {}) =>
          (await post(body, { user, path: `/v1/campaigns/${id}/${path}` }))
            .status;
        expect((await postStart(campaign, { hash })).status).toBe(400);
        expect((await postStart(campaign, {}, 'paul')).status).toBe(404);
        await start(campaign);
        const decision = { hash, rejected: [] };
        expect(await statusOf('olivia', 'stages/1/decision', decision)).toBe(
          403,
        );
        portal.decide(
          (permission, ref) =>
            permission === 'acr-cmk.registry.read' && ref === HIDDEN,
        );
        expect(await statusOf('daniel', 'pause')).toBe(403);
        portal.decide(() => false);
        expect(await statusOf('daniel', 'pause')).toBe(404);

        const records = await db('audit')
          .where({ event: 'campaign-refused', campaign_id: id })
          .orderBy('seq');
        expect(
          records.map(({ actor, details }) => {
            const { request, message } = JSON.parse(details);
            return `${actor} ${request}: ${message}`;
          }),
        ).toEqual([
          expect.stringMatching(/olivia campaign-start: hash: /),
          expect.stringMatching(/olivia campaign-decide: .*You requested it/),
          expect.stringMatching(/daniel campaign-pause: .*campaign\.create/),
        ]);
      });
    });

    describe('the start', () => {
      it('accepts the preview, once', async () => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        const started = await start(campaign);
        expect(started).toMatchObject({
          state: 'running',
          reason: 'They never rotate',
          hash: campaign.hash,
        });
        expect(started.strategy?.stages).toEqual(
          DEFAULT_CAMPAIGN_STRATEGY.stages.slice(0, 2),
        );
        const again = await start(campaign);
        expect(again.startedAt).toBe(started.startedAt);
        expect(await postStart(campaign, { reason: 'Another' })).toMatchObject({
          status: 409,
          code: 'CAMPAIGN_STATE',
        });

        const records = await db('audit').where({ event: 'campaign-started' });
        expect(records).toHaveLength(1);
        expect(records[0].actor).toBe('user:default/olivia');
        expect(JSON.parse(records[0].details)).toMatchObject({
          campaignId: campaign.id,
          hash: campaign.hash,
          reason: 'They never rotate',
          members: [
            { position: 1, stage: 1, registryId: CHECKOUT },
            { position: 2, stage: 2, registryId: ORDERS },
          ],
        });
      });

      it('is one, also of two requests at once', async () => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        const [one, other] = await Promise.all(
          [1, 2].map(() => start(campaign)),
        );
        expect(one.startedAt).toBe(other.startedAt);
        expect(
          await db('audit').where({ event: 'campaign-started' }),
        ).toHaveLength(1);
      });

      it('is for the requester alone', async () => {
        const { campaign } = await select({ registryIds: [ORDERS] });
        for (const user of ['priya', 'paul']) {
          expect(await postStart(campaign, {}, user)).toMatchObject({
            status: 404,
            code: 'CAMPAIGN_UNKNOWN',
          });
        }
        expect((await portal.as().campaigns.get(campaign.id)).state).toBe(
          'preview',
        );
      });

      it('is refused to a requester who has lost a permission since the preview', async () => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        forbidRotate(HIDDEN);
        const refusal = await postStart(campaign);
        expect(refusal).toMatchObject({ status: 409, code: 'CAMPAIGN_STATE' });
        expect(refusal.message).toMatch(
          /no longer have the permission acr-cmk\.key\.rotate/,
        );
        expect((await portal.as().campaigns.get(campaign.id)).state).toBe(
          'preview',
        );
        // What others were asked to agree to from the start is no obstacle.
        forbidRotate(TOOLS);
        const shared = await select(
          { registryIds: [registryId('sharedbase', 'rg-platform')] },
          { kind: 'new-version' },
        );
        const started = await start(shared.campaign);
        expect(started.state).toBe('running');
      });

      it('is refused to a person who has too many', async () => {
        const startOne = async () => {
          const { campaign } = await select({ registryIds: [ORDERS] });
          return postStart(campaign);
        };
        await startOne();
        await startOne();
        expect(await startOne()).toMatchObject({
          status: 429,
          limit: 'waitingRequests',
        });
        // An end does not make room at once: it asked approvers.
        await db('campaigns').update({ state: 'ended' });
        expect(await startOne()).toMatchObject({ status: 429 });
        await db('campaigns').update({ started_at: 1000 });
        expect(await startOne()).not.toHaveProperty('limit');
      });

      it('takes a person, and not a program', async () => {
        const { campaign } = await select({ registryIds: [ORDERS] });
        const { status, body } = await portal.request(
          'POST',
          `/v1/campaigns/${campaign.id}/start`,
          {
            body: startOf(campaign),
            headers: { 'acr-cmk-origin': 'program' },
          },
        );
        expect(status).toBe(403);
        expect(body.error.message).toMatch(/Only a person/);
      });

      it.each<[field: string, more: object]>([
        ['hash', { hash: '0'.repeat(64) }],
        ['reason', { reason: '=1+1' }],
        [
          'strategy.stages.0.percent',
          { strategy: { stages: [{ percent: 0 }], concurrency: 5 } },
        ],
        [
          'strategy.stages.0',
          { strategy: { stages: [{ count: 1 }], concurrency: 5 } },
        ],
        [
          'strategy.concurrency',
          { strategy: { stages: [{}], concurrency: 0 } },
        ],
      ])('is refused with the field %s', async (field, more) => {
        const { campaign } = await select({ registryIds: [ORDERS, CHECKOUT] });
        expect(await postStart(campaign, more)).toMatchObject({
          status: 400,
          field,
        });
      });

      it('is refused when nothing would change, or the preview is old', async () => {
        const nothing = await select({ registryIds: [SHOP] });
        expect(nothing.campaign.offers).toEqual([]);
        expect(await postStart(nothing.campaign)).toMatchObject({
          status: 409,
          code: 'CAMPAIGN_STATE',
        });
        const { campaign } = await select({ registryIds: [ORDERS] });
        await db('campaigns').update({ created_at: 1000 });
        const refusal = await postStart(campaign);
        expect(refusal.message).toMatch(/older than a day/);
      });
    });
  },
);
