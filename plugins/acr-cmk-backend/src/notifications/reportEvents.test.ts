import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { NOW } from '../__testUtils__/encryptedRegistries';
import { AuditLog, type AuditEvent } from '../platform/audit/AuditLog';
import type { Approvers, NotificationsConfig } from '../platform/config';
import type { OperationRecord } from '../engine/types';
import { EVENT_KINDS } from './kinds';
import {
  FLEET,
  idOf,
  keep,
  PAYMENTS,
  PLATFORM,
  PortalNotifications,
  SHOP,
  startNotifier,
} from './__testUtils__/notifierWorld';
import { operationWith } from './__testUtils__/operations';

jest.setTimeout(60_000);

const OLIVIA = 'user:default/olivia';
const registry = (name: string) => RegistryId.parse(idOf(name));

const OPEN = {
  publicNetworkAccess: true,
  defaultAction: 'allow' as const,
  ipRules: [],
};
const revoke = operationWith({
  id: 'revoke',
  state: 'succeeded',
  intent: { kind: 'revoke', restoreAfterMinutes: 60 },
  losers: ['expiring'],
  restoresAt: NOW + 60 * 60_000,
});
const approver = {
  permission: 'acr-cmk.operation.approve',
  entityRef: 'resource:default/expiring',
  because: 'this portal requires a second person',
};

const waits = operationWith({
  id: 'waits',
  state: 'awaiting-approval',
  needs: [approver],
});

/** A record that calls for each kind, and the title and severity of its message. */
const CASES: Record<
  string,
  {
    /** Default: the revoke. */
    operation?: OperationRecord;
    /** The operation when it was accepted, where that was reported first. */
    accepted?: OperationRecord;
    event: AuditEvent;
    details?: Record<string, unknown>;
    title: string;
    severity: 'low' | 'normal' | 'high' | 'critical';
  }
> = {
  revoked: {
    event: 'operation-ended',
    title: 'Access to the key was revoked: expiring',
    severity: 'critical',
  },
  restored: {
    operation: operationWith({
      id: 'restore',
      state: 'succeeded',
      gainers: ['expiring'],
    }),
    event: 'operation-ended',
    title: 'Access to the key was restored: expiring',
    severity: 'normal',
  },
  'approval-wanted': {
    operation: waits,
    event: 'operation-accepted',
    title: 'Approval wanted: rotate the key of expiring',
    severity: 'critical',
  },
  'approval-over': {
    operation: { ...waits, state: 'cancelled' },
    accepted: waits,
    event: 'operation-cancelled',
    title: 'Cancelled: rotate the key of expiring',
    severity: 'low',
  },
  'operation-ended': {
    event: 'operation-ended',
    title: 'Done: revoke the key of expiring',
    severity: 'low',
  },
  'campaign-approval-wanted': {
    event: 'campaign-stage-opened',
    details: {
      intent: 'automatic-mode',
      onBehalfOf: OLIVIA,
      expiresAt: NOW,
      approvals: [{ ...approver, positions: [1] }],
    },
    title: 'Approval wanted: switch 1 registry to automatic version mode',
    severity: 'critical',
  },
  'campaign-ended': {
    event: 'campaign-ended',
    details: { state: 'ended', onBehalfOf: OLIVIA },
    title: 'A campaign of yours has ended',
    severity: 'high',
  },
};

describe.each(testDatabases())(
  'notifications about operations, on $name',
  database => {
    let db: Knex;
    let portal: PortalNotifications;
    beforeEach(async () => {
      db = await database.open();
      portal = new PortalNotifications();
      await keep(db, FLEET, NOW);
    });
    afterEach(() => db.destroy());

    /** Notifies of one record, once it was switched on. */
    async function notify(
      operation: OperationRecord,
      event: AuditEvent,
      options: {
        config?: NotificationsConfig;
        approvers?: Approvers;
        actor?: string;
        details?: Record<string, unknown>;
      } = {},
    ) {
      const notifier = startNotifier({
        db,
        portal,
        now: () => NOW,
        config: options.config,
        approvers: options.approvers,
        operations: [operation],
        names: new Map([[OLIVIA, 'Olivia Ortega']]),
      });
      await notifier.notifyAtOnce();
      await new AuditLog({ db, clock: { now: async () => NOW } }).record({
        event,
        actor: options.actor ?? OLIVIA,
        operationId: operation.id,
        details: options.details ?? {},
      });
      await notifier.notifyAtOnce();
      return portal.shown;
    }

    it('has its words as plain text in e-mail and chat, whatever a reason holds', async () => {
      const sent = await notify(
        {
          ...revoke,
          reason:
            'Urgent <a href="https://evil.example/login">approve here</a> <img src="https://evil.example/b.png"> <!channel> <@U1> @here',
        },
        'operation-ended',
      );
      const [shown] = sent.filter(({ title }) => /was revoked/.test(title));
      // As getHtmlContent of @backstage/plugin-notifications-backend-module-email puts it together.
      const html = `<p>${shown.description}</p>`;
      expect(html.replace(/^<p>|<\/p>$/g, '')).not.toMatch(/[<>]/);
      // As the Slack module sends it: mrkdwn, in which <…> are links and mentions, and hosts become links.
      expect(`${shown.title} ${shown.description}`).not.toMatch(
        /<|:\/\/|@\w|evil\.example/,
      );
      expect(shown.description).toContain('approve here');
    });

    it('does not notify about what happened before it was switched on', async () => {
      const audit = new AuditLog({ db, clock: { now: async () => NOW } });
      await audit.record({
        event: 'operation-ended',
        actor: OLIVIA,
        operationId: revoke.id,
        details: {},
      });
      const shown = await notify(
        operationWith({ id: 'later', state: 'succeeded' }),
        'operation-ended',
      );
      expect(shown).toHaveLength(1);
      expect(shown[0].title).toBe('Done: rotate the key of expiring');
    });

    it('notifies the one who asked that it has ended, and how', async () => {
      expect(
        await notify(
          operationWith({ id: 'one', state: 'failed' }),
          'operation-ended',
        ),
      ).toEqual([
        {
          recipient: OLIVIA,
          title: 'Failed: rotate the key of expiring',
          description: 'It went as it went',
          topic: 'operations',
          link: `/acr-cmk/registries?registry=${encodeURIComponent(
            registry('expiring').key,
          )}`,
          sent: 1,
        },
      ]);
    });

    it.each<[string, Partial<OperationRecord>, boolean]>([
      ['succeeded at once', {}, false],
      ['took long', { endedAt: NOW + 6 * 60_000 }, true],
      ['failed', { state: 'failed' }, true],
      ['was requested by a program', { origin: 'program' }, true],
      ['was started by the timer', { origin: 'timer' }, true],
      [
        'needed an approval',
        { approval: { state: 'approved', needs: [] } as never },
        true,
      ],
    ])(
      'notifies the one who asked only of what they did not watch: their change %s',
      async (_what, change, isNotified) => {
        const own: OperationRecord = {
          ...operationWith({ id: 'own', state: 'succeeded' }),
          origin: 'person',
          createdAt: NOW,
          endedAt: NOW + 60_000,
          ...change,
        };
        const shown = await notify(own, 'operation-ended');
        expect(shown.map(({ topic }) => topic)).toEqual(
          isNotified ? ['operations'] : [],
        );
      },
    );

    it('combines what one recipient gets of several operations in one turn', async () => {
      const operations = ['a', 'b', 'c', 'd', 'e', 'f'].map(id =>
        operationWith({ id, state: 'awaiting-approval', needs: [approver] }),
      );
      const approvers: Approvers = new Map([
        [approver.permission, { groups: [PLATFORM], owners: false }],
      ]);
      const options = { db, portal, now: () => NOW, operations, approvers };
      const notifier = startNotifier(options);
      await notifier.notifyAtOnce();
      const audit = new AuditLog({ db, clock: { now: async () => NOW } });
      for (const { id } of operations) {
        await audit.record({
          event: 'operation-accepted',
          actor: OLIVIA,
          operationId: id,
          details: {},
        });
      }
      await notifier.notifyAtOnce();
      expect(portal.shown).toEqual([
        expect.objectContaining({
          recipient: PLATFORM,
          excluded: OLIVIA,
          title: 'Approval wanted: 6 operations',
          description: expect.stringMatching(
            /^(Approval wanted: rotate the key of expiring\. ){5}And 1 more\.$/,
          ),
          topic: 'approvals',
          link: '/acr-cmk/waiting',
        }),
      ]);
    });

    it('is sent all the same while the catalog does not answer, with parts of refs as names', async () => {
      const notifier = startNotifier({
        db,
        portal,
        now: () => NOW,
        operations: [revoke],
        names: 'no answer',
      });
      await notifier.notifyAtOnce();
      await new AuditLog({ db, clock: { now: async () => NOW } }).record({
        event: 'operation-ended',
        actor: OLIVIA,
        operationId: revoke.id,
        details: {},
      });
      await notifier.notifyAtOnce();
      expect(portal.to(SHOP)[0].description).toMatch(/^By olivia\. /);
    });

    it('does not notify people about what they cancelled themselves', async () => {
      const cancelled = operationWith({ id: 'one', state: 'cancelled' });
      expect(await notify(cancelled, 'operation-cancelled')).toEqual([]);
      expect(
        await notify(cancelled, 'operation-cancelled', {
          actor: 'user:default/priya',
        }),
      ).toEqual([expect.objectContaining({ recipient: OLIVIA })]);
    });

    it('notifies the owners whose registries lost their key, by whom, why and until when', async () => {
      await notify(
        operationWith({
          id: 'revoke',
          state: 'succeeded',
          intent: { kind: 'revoke', restoreAfterMinutes: 60 },
          restoresAt: revoke.restoresAt,
          losers: ['expiring', 'walled', 'unowned'],
        }),
        'operation-ended',
      );
      const messages = portal.shown.filter(
        ({ topic }) => topic === 'revokes-and-restores',
      );
      expect(messages.map(({ recipient }) => recipient).sort()).toEqual(
        [PLATFORM, PAYMENTS, SHOP].sort(),
      );
      expect(messages[0]).toMatchObject({
        excluded: OLIVIA,
        title: 'Access to the key was revoked: expiring and 2 registries more',
        description:
          'By Olivia Ortega. Reason: The yearly rotation. It is restored automatically at 25 Nov 2026, 13:00 UTC, unless someone keeps it revoked.',
      });
    });

    it('notifies the entity’s owner where no link says who owns the registry', async () => {
      const unlinked = {
        ...revoke,
        registryId: RegistryId.parse(idOf('unowned')),
      };
      await notify(unlinked, 'operation-ended');
      expect(portal.shown.map(({ recipient }) => recipient)).toContain(
        'resource:default/expiring',
      );
    });

    it('does not report a revoke that wrote nothing', async () => {
      await notify(
        operationWith({
          id: 'one',
          state: 'failed',
          intent: { kind: 'revoke' },
          losers: ['expiring'],
          wrote: false,
        }),
        'operation-ended',
      );
      expect(portal.shown.map(({ topic }) => topic)).toEqual(['operations']);
    });

    it('reports to the requester, too, that pulls still work after a revoke', async () => {
      const pulls = {
        wanted: 'refused',
        state: 'unreached',
        until: NOW,
        last: { how: 'signed-in', status: 200, network: OPEN },
      } as const;
      await notify({ ...revoke, pulls }, 'pulls-observed');
      expect(
        portal.shown.map(({ recipient, title }) => [recipient, title]).sort(),
      ).toEqual(
        [SHOP, OLIVIA].map(recipient => [
          recipient,
          'Pulls still work after a revoke: expiring',
        ]),
      );
    });

    it('does not report pulls that are refused, or were not tested', async () => {
      const last = { how: 'anonymous', status: 401, network: OPEN } as const;
      const pulls = { wanted: 'refused', until: NOW, last } as const;
      for (const state of ['reached', 'unreached', 'stopped'] as const) {
        await notify(
          { ...revoke, pulls: { ...pulls, state } },
          'pulls-observed',
        );
      }
      expect(portal.shown).toEqual([]);
    });

    it('reports that a revoke has become permanent', async () => {
      const send = jest.spyOn(portal, 'send');
      const [shown] = await notify(revoke, 'revoke-confirmed', {
        actor: 'user:default/priya',
        details: { reason: 'The key has leaked' },
      });
      expect(send.mock.calls[0][0].payload.severity).toBe('critical');
      expect(shown).toMatchObject({
        recipient: SHOP,
        excluded: 'user:default/priya',
        title: 'The revoke is permanent: expiring',
        description:
          'By priya. Reason: The key has leaked. It is not restored automatically any more.',
      });
    });

    it.each([
      ['a restore', { kind: 'restore' }],
      ['a rotation', { kind: 'rotate', grantAccess: true }],
    ] as const)(
      'notifies the owners of every registry that gets its key back by %s',
      async (_by, intent) => {
        await notify(
          operationWith({
            id: 'one',
            state: 'succeeded',
            intent,
            gainers: ['expiring', 'walled'],
          }),
          'operation-ended',
        );
        expect(
          portal.shown
            .filter(({ topic }) => topic === 'revokes-and-restores')
            .map(({ recipient, title }) => [recipient, title])
            .sort(),
        ).toEqual(
          [PAYMENTS, SHOP].map(recipient => [
            recipient,
            'Access to the key was restored: expiring and 1 registry more',
          ]),
        );
      },
    );

    it('does not say that access was restored where a registry may still lack its key', async () => {
      await notify(
        operationWith({
          id: 'one',
          state: 'succeeded',
          intent: { kind: 'restore' },
          gainers: ['expiring'],
          checks: [{ id: 'stays-revoked', status: 'warn', message: '' }],
        }),
        'operation-ended',
      );
      expect(
        portal.shown
          .filter(({ topic }) => topic === 'revokes-and-restores')
          .map(({ title }) => title),
      ).toEqual([
        'What one revoke took was given back: expiring. It may still lack its key',
      ]);
    });

    it('notifies the owners of a registry whose identity gains access to a key', async () => {
      await notify(
        operationWith({
          id: 'one',
          state: 'succeeded',
          effects: [
            { kind: 'access-granted', scope: '/vault', to: '1', usedBy: [] },
          ],
        }),
        'operation-ended',
      );
      expect(portal.shown.map(({ title }) => title)).toContain(
        'Access to a key was granted: expiring',
      );
    });

    it('does not say that a revoke which failed took the key away', async () => {
      await notify(
        operationWith({ id: 'one', state: 'failed', losers: ['expiring'] }),
        'operation-ended',
      );
      const [{ title, description }] = portal.shown.filter(
        ({ topic }) => topic === 'revokes-and-restores',
      );
      expect(title).toBe('A revoke has ended as failed: expiring');
      expect(description).not.toMatch(/revoked/);
    });

    it('reports a restore that failed after it had written', async () => {
      const failed = { state: 'failed', gainers: ['expiring'] } as const;
      await notify(operationWith({ id: 'one', ...failed }), 'operation-ended');
      await notify(
        operationWith({ id: 'two', ...failed, wrote: false }),
        'operation-ended',
      );
      expect(
        portal.shown
          .filter(({ topic }) => topic === 'revokes-and-restores')
          .map(({ title }) => title),
      ).toEqual(['A restore of access to a key has ended as failed: expiring']);
    });

    describe('of which approval is wanted', () => {
      const ROTATE = 'acr-cmk.key.rotate';
      const GRANT = 'acr-cmk.key.grant';
      const APPROVERS: Approvers = new Map([
        [ROTATE, { groups: [], owners: true }],
        [GRANT, { groups: [PLATFORM], owners: false }],
        [approver.permission, { groups: [PLATFORM], owners: false }],
      ]);
      const need = (permission: string, name?: string) => ({
        permission,
        because: 'it is so',
        ...(name && { entityRef: `resource:default/${name}` }),
      });
      const askedBy = async (
        needs: ReturnType<typeof need>[],
        of: Partial<Parameters<typeof operationWith>[0]> = {},
      ) => {
        await notify(
          operationWith({
            id: 'one',
            state: 'awaiting-approval',
            needs,
            ...of,
          }),
          'operation-accepted',
          { approvers: APPROVERS },
        );
        return portal.shown.map(({ recipient }) => recipient).sort();
      };

      it('asks those whom the configuration names, but not the one who asked', async () => {
        expect(await askedBy([approver])).toEqual([PLATFORM]);
        expect(portal.shown[0]).toMatchObject({
          excluded: OLIVIA,
          title: 'Approval wanted: rotate the key of expiring',
          topic: 'approvals',
          link: '/acr-cmk/waiting?request=one',
        });
      });

      it.each<[string, Partial<OperationRecord>, AuditEvent, string]>([
        [
          'approved',
          {
            state: 'queued',
            approval: {
              state: 'approved',
              needs: [],
              by: 'user:default/priya',
            },
          },
          'operation-approved',
          'Approved by priya: rotate the key of expiring',
        ],
        [
          'rejected',
          { state: 'rejected', approval: { state: 'rejected', needs: [] } },
          'operation-rejected',
          'Rejected: rotate the key of expiring',
        ],
        [
          'not approved in time',
          { state: 'rejected', approval: { state: 'expired', needs: [] } },
          'operation-ended',
          'Not approved in time: rotate the key of expiring',
        ],
        [
          'cancelled',
          { state: 'cancelled', approval: { state: 'pending', needs: [] } },
          'operation-cancelled',
          'Cancelled: rotate the key of expiring',
        ],
      ])(
        'tells those who were asked that the request is over, in place of the request: %s',
        async (_how, over, event, title) => {
          await askedBy([approver]);
          const asked = operationWith({
            id: 'one',
            state: 'awaiting-approval',
          });
          await notify({ ...asked, ...over }, event, {
            approvers: APPROVERS,
            actor: OLIVIA,
          });
          expect(portal.to(PLATFORM)).toEqual([
            expect.objectContaining({ title, sent: 2, excluded: OLIVIA }),
          ]);
          await notify({ ...asked, ...over }, 'operation-ended', {
            approvers: new Map(),
          });
          expect(portal.to(PLATFORM)[0].title).toBe(title);
        },
      );

      it('does not say again, when an approved operation ends, that its request is over', async () => {
        await askedBy([approver]);
        const approved = {
          ...operationWith({ id: 'one', state: 'succeeded' }),
          approval: { state: 'approved', needs: [] },
        } as OperationRecord;
        const options = { approvers: APPROVERS, actor: OLIVIA };
        await notify(approved, 'operation-approved', options);
        await notify(approved, 'operation-ended', options);
        expect(portal.to(PLATFORM)).toEqual([
          expect.objectContaining({ sent: 2 }),
        ]);
      });

      it('tells nobody of the end of a request who was not asked', async () => {
        await notify(
          {
            ...operationWith({ id: 'one', state: 'queued' }),
            approval: { state: 'approved', needs: [] },
          },
          'operation-approved',
          { approvers: APPROVERS },
        );
        expect(portal.shown).toEqual([]);
      });

      it('asks those who may grant, and not the owner of the entity, who may not', async () => {
        expect(await askedBy([need(GRANT, 'expiring')])).toEqual([PLATFORM]);
      });

      it('asks the owners of each entity where the configuration says that they may agree', async () => {
        expect(
          await askedBy([
            need(ROTATE, 'Walled'),
            need(ROTATE, 'detached'),
            { ...need(ROTATE, 'trapped'), by: PAYMENTS } as never,
          ]),
        ).toEqual(['resource:default/detached', 'resource:default/walled']);
      });

      it('asks nobody for what the configuration names nobody for', async () => {
        expect(await askedBy([need('acr-cmk.unbound.change')])).toEqual([]);
      });

      it('does not ask the owner of an entity that is yet to be made', async () => {
        expect(
          await askedBy([need(ROTATE, 'expiring'), need(ROTATE, 'walled')], {
            intent: { kind: 'create-registry' } as never,
          }),
        ).toEqual(['resource:default/walled']);
      });

      it('asks nobody when the decision has already been made', async () => {
        expect(
          await notify(
            operationWith({ id: 'one', state: 'queued' }),
            'operation-accepted',
          ),
        ).toEqual([]);
      });
    });

    describe('about campaigns', () => {
      const CAMPAIGN = 'c0000000-0000-4000-8000-000000000001';
      const APPROVE = 'acr-cmk.operation.approve';
      const byOwners: Approvers = new Map([
        [APPROVE, { groups: [], owners: true }],
      ]);

      /** Notifies of records of a campaign, once it was switched on. */
      async function notifyOf(
        ...records: {
          event: AuditEvent;
          actor?: string;
          daysLater?: number;
          details: Record<string, unknown>;
        }[]
      ) {
        const notifier = startNotifier({
          db,
          portal,
          now: () => NOW,
          approvers: byOwners,
          operations: [],
        });
        await notifier.notifyAtOnce();
        for (const record of records) {
          const { event, actor = 'plugin:acr-cmk', daysLater = 0 } = record;
          const { details } = record;
          const at = NOW + daysLater * 24 * 60 * 60_000;
          await new AuditLog({ db, clock: { now: async () => at } }).record({
            event,
            actor,
            details: { campaignId: CAMPAIGN, onBehalfOf: OLIVIA, ...details },
          });
        }
        await notifier.notifyAtOnce();
        return [...portal.shown].sort((a, b) => a.title.localeCompare(b.title));
      }

      it('asks each owner once for all their members of a stage', async () => {
        const approval = (name: string, position: number) => ({
          permission: APPROVE,
          entityRef: `resource:default/${name}`,
          positions: [position],
        });
        const shown = await notifyOf({
          event: 'campaign-stage-opened',
          details: {
            stage: 2,
            intent: 'automatic-mode',
            reason: 'They never follow',
            expiresAt: NOW,
            approvals: [
              approval('expiring', 1),
              approval('trapped', 2),
              approval('walled', 3),
            ],
          },
        });
        expect(
          shown.map(({ recipient, title, excluded }) => ({
            recipient,
            title,
            excluded,
          })),
        ).toEqual([
          {
            recipient: PAYMENTS,
            title:
              'Approval wanted: switch 1 registry to automatic version mode',
            excluded: OLIVIA,
          },
          {
            recipient: SHOP,
            title:
              'Approval wanted: switch 2 registries to automatic version mode',
            excluded: OLIVIA,
          },
        ]);
        expect(shown[0]).toMatchObject({
          topic: 'approvals',
          description: expect.stringMatching(
            /^Stage 2 of a campaign by olivia\. Reason: They never follow\. It expires at /,
          ),
          link: `/acr-cmk/campaigns/${CAMPAIGN}`,
        });
      });

      it('says that a stage gives access to keys', async () => {
        const [shown] = await notifyOf({
          event: 'campaign-stage-opened',
          details: {
            stage: 2,
            intent: 'identity',
            reason: 'Another identity',
            expiresAt: NOW,
            givesAccess: true,
            approvals: [
              {
                permission: APPROVE,
                entityRef: 'resource:default/expiring',
                positions: [1],
              },
            ],
          },
        });
        expect(shown.description).toContain(
          'Reason: Another identity. Members of the stage give access to keys, which may have been revoked. It expires at ',
        );
      });

      it('asks nobody for a stage that needs no approval', async () => {
        expect(
          await notifyOf({
            event: 'campaign-stage-opened',
            details: { stage: 1, approvals: [] },
          }),
        ).toEqual([]);
      });

      it('tells the requester of a pause, of the first member of a stage and day that has changed, and of the end', async () => {
        const changed = {
          event: 'campaign-member-changed',
          details: { stage: 1, message: 'Its key has changed' },
        } as const;
        const shown = await notifyOf(
          changed,
          changed,
          { ...changed, daysLater: 1 },
          {
            event: 'campaign-paused',
            details: { stage: 1, message: '1 of 3 members failed' },
          },
          {
            event: 'campaign-ended',
            details: { state: 'ended', message: 'Ended with 1 failed' },
          },
        );
        expect(shown.map(({ recipient, title }) => [recipient, title])).toEqual(
          [
            [OLIVIA, 'A campaign of yours has ended'],
            [OLIVIA, 'A campaign of yours is paused'],
            ...Array(2).fill([
              OLIVIA,
              'Campaign needs a decision: a plan in stage 1 no longer fits',
            ]),
          ],
        );
      });

      it('leaves out what the requester did', async () => {
        expect(
          await notifyOf({
            event: 'campaign-paused',
            actor: OLIVIA,
            details: { message: 'Paused by her' },
          }),
        ).toEqual([]);
      });

      it('does not report their operations one by one', async () => {
        expect(
          await notify(
            {
              ...operationWith({ id: 'one', state: 'failed' }),
              origin: 'campaign',
              campaignId: CAMPAIGN,
            },
            'operation-ended',
          ),
        ).toEqual([]);
      });
    });

    it('have a case for each kind', () => {
      expect(Object.keys(CASES)).toEqual(Object.keys(EVENT_KINDS));
    });

    it.each(Object.keys(CASES))('sends %s once', async kind => {
      const {
        operation = revoke,
        accepted,
        event,
        details,
        ...message
      } = CASES[kind];
      const options = {
        actor: 'plugin:acr-cmk',
        details,
        approvers: new Map([
          [approver.permission, { groups: [PLATFORM], owners: false }],
        ]),
      };
      if (accepted) await notify(accepted, 'operation-accepted', options);
      const send = jest.spyOn(portal, 'send');
      // Olivia cancelled it herself, so it is not her message that is sent.
      await notify(
        operation,
        event,
        accepted ? { ...options, actor: OLIVIA } : options,
      );
      const sent = send.mock.calls.map(([{ payload }]) => payload);
      expect(sent.filter(({ title }) => title === message.title)).toEqual([
        expect.objectContaining(message),
      ]);
    });

    it('goes on where the record goes on after damage was acknowledged', async () => {
      await notify(revoke, 'operation-ended');
      await db('sync_state')
        .where({ name: 'notifications-audit' })
        .update({ value: '1000' });
      await notify(
        operationWith({ id: 'later', state: 'succeeded' }),
        'operation-ended',
      );
      expect(portal.shown.map(({ title }) => title)).toContain(
        'Done: rotate the key of expiring',
      );
    });
  },
);
