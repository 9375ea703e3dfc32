import type {
  CampaignMemberState,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import { campaignWith, memberAt } from './__testUtils__/records';
import { standstillInWords } from './inWords';
import { campaignToOwner } from './present';
import {
  type Progress,
  type ProgressInput,
  type ProgressMember,
  progressOf,
} from './progress';
import type { CampaignRecord } from './types';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const MINUTE_MS = 60_000;
const NEED = {
  permission: 'acr-cmk.operation.approve',
  entityRef: 'resource:default/shop',
  because: 'this portal requires a second person',
};

const member = (
  position: number,
  state: CampaignMemberState,
  more: Partial<ProgressMember> = {},
): ProgressMember => ({
  ...memberAt(position, { state, operationId: `operation-${position}` }),
  seconds: 30,
  ...more,
});

const members = (
  states: readonly CampaignMemberState[],
  more: Partial<ProgressMember> = {},
) => states.map((state, index) => member(index + 1, state, more));

const strategyOf = (
  ...stages: CampaignStrategy['stages']
): CampaignStrategy => ({ concurrency: 5, stages });

const campaignOf = (more: Partial<CampaignRecord> = {}) =>
  campaignWith({
    strategy: strategyOf({}),
    stageOpenedAt: NOW - MINUTE_MS,
    ...more,
  });

const decide = (
  of: Partial<Omit<ProgressInput, 'campaign'>> & {
    campaign?: Partial<CampaignRecord>;
  },
): Progress =>
  progressOf({
    members: [],
    calendar: { windows: [], freezes: [] },
    now: NOW,
    approvalExpiresAfterMs: 60 * MINUTE_MS,
    ...of,
    campaign: campaignOf(of.campaign),
  });

/** Positions of the members that start now. */
const released = ({ release }: Progress) =>
  (release?.members ?? [])
    .filter(one => {
      const hasRoom = release!.room.hasRoomFor(one);
      if (hasRoom) release!.room.add({ ...one, state: 'running' });
      return hasRoom;
    })
    .map(({ position }) => position);

describe('the opening of a stage', () => {
  const STAGES = strategyOf({ count: 1 }, {});

  it('has those of its members wait for their approvals that lack some', () => {
    const progress = decide({
      campaign: { strategy: STAGES, stage: 0, stageOpenedAt: undefined },
      members: [
        member(1, 'waiting'),
        member(2, 'waiting', { needs: [NEED] }),
        member(3, 'waiting', {
          needs: [{ ...NEED, by: 'user:default/priya' }],
        }),
        member(4, 'waiting', { stage: 2 }),
      ],
    });
    expect(progress).toMatchObject({
      campaign: { stage: 1, stageOpenedAt: NOW },
      approvals: {
        operationIds: ['operation-2'],
        expiresAt: NOW + 60 * MINUTE_MS,
      },
      notes: [
        {
          event: 'campaign-stage-opened',
          details: {
            stage: 1,
            intent: 'automatic-mode',
            expiresAt: NOW + 60 * MINUTE_MS,
            approvals: [
              {
                permission: NEED.permission,
                entityRef: NEED.entityRef,
                positions: [2],
              },
            ],
          },
        },
      ],
    });
    expect(progress.release).toBeUndefined();
  });

  it.each([
    [{ ...NEED, permission: 'acr-cmk.key.restore' }, true],
    [{ ...NEED, permission: 'acr-cmk.key.grant' }, true],
    [
      {
        permission: 'acr-cmk.operation.approve',
        because:
          'this portal requires a second person (acrCmk.approvals.rotate, acrCmk.approvals.restore)',
      },
      true,
    ],
    [{ ...NEED, permission: 'acr-cmk.key.rotate' }, undefined],
  ])('records whether it gives access to keys: %j', (need, givesAccess) => {
    const { notes } = decide({
      campaign: { strategy: STAGES, stage: 0, stageOpenedAt: undefined },
      members: [member(1, 'waiting', { needs: [need] })],
    });
    expect(notes[0].details.givesAccess).toBe(givesAccess);
  });

  it('asks for no approval while an earlier stage has not ended', () => {
    const progress = decide({
      campaign: { strategy: STAGES },
      members: [
        member(1, 'running'),
        member(2, 'waiting', { stage: 2, needs: [NEED] }),
      ],
    });
    expect(progress.approvals).toBeUndefined();
    expect(progress.campaign).toBeUndefined();
    expect(released(progress)).toEqual([]);
  });

  it('follows the end of the one before', () => {
    const progress = decide({
      campaign: { strategy: STAGES },
      members: [member(1, 'succeeded'), member(2, 'waiting', { stage: 2 })],
    });
    expect(progress.campaign).toMatchObject({ stage: 2, stageOpenedAt: NOW });
    expect(progress.approvals?.operationIds).toEqual([]);
    expect(progress.notes).toMatchObject([{ details: { expiresAt: null } }]);
  });

  it('leaves out stages without members', () => {
    const progress = decide({
      campaign: { strategy: strategyOf({}, {}, {}) },
      members: [member(1, 'succeeded'), member(2, 'waiting', { stage: 3 })],
    });
    expect(progress.campaign).toMatchObject({ stage: 3 });
  });

  it('waits for the end of the soak time, which begins when the last member is proven', () => {
    const campaign = {
      strategy: strategyOf({ count: 1, soakMinutes: 30 }, {}),
    };
    const later = member(2, 'waiting', { stage: 2 });
    expect(
      decide({ campaign, members: [member(1, 'proving'), later] }).campaign,
    ).toBeUndefined();
    const proven = [member(1, 'succeeded'), later];
    const soakUntil = NOW + 30 * MINUTE_MS;
    const soaking = decide({ campaign, members: proven });
    expect(soaking.campaign).toMatchObject({ soakUntil });
    expect(soaking.campaign).not.toHaveProperty('stage');
    expect(
      decide({ campaign: { ...campaign, soakUntil }, members: proven }),
    ).toMatchObject({
      dueAt: soakUntil,
      waitingFor: 'Pauses before the next stage',
    });
    expect(
      decide({
        campaign: { ...campaign, soakUntil },
        members: proven,
        now: soakUntil,
      }).campaign,
    ).toMatchObject({ stage: 2, soakUntil: null });
  });

  it('is the same after a retry: members that were approved stay so', () => {
    const progress = decide({
      campaign: { stageOpenedAt: undefined },
      members: [
        member(1, 'succeeded'),
        member(2, 'waiting', { needs: [NEED] }),
        member(3, 'approval'),
      ],
    });
    expect(progress.approvals?.operationIds).toEqual(['operation-2']);
  });

  it('comes after the soak time of a stage whose retried members were skipped before it opened again', () => {
    const progress = decide({
      campaign: {
        strategy: strategyOf({ count: 2, soakMinutes: 30 }, {}),
        stageOpenedAt: undefined,
      },
      members: [
        member(1, 'succeeded'),
        member(2, 'skipped'),
        member(3, 'waiting', { stage: 2 }),
      ],
    });
    expect(progress).toMatchObject({
      campaign: { stageOpenedAt: NOW, soakUntil: NOW + 30 * MINUTE_MS },
    });
    expect(progress.campaign).not.toHaveProperty('stage');
  });

  it('does not come after failures that such a stage does not allow', () => {
    expect(
      decide({
        campaign: { strategy: STAGES, stageOpenedAt: undefined },
        members: [
          member(1, 'failed'),
          member(2, 'skipped'),
          member(3, 'waiting', { stage: 2 }),
        ],
      }),
    ).toMatchObject({ campaign: { state: 'paused' } });
  });

  it('keeps the deadline of pending approvals when a retried member needs no approval', () => {
    const approvalExpiresAt = NOW + 10 * MINUTE_MS;
    const pending = member(2, 'approval', { approvalExpiresAt });
    const retried = decide({
      campaign: { stageOpenedAt: undefined },
      members: [member(1, 'waiting'), pending],
    });
    expect(retried.approvals?.operationIds).toEqual([]);
    const open = decide({ members: [member(1, 'succeeded'), pending] });
    expect(open.dueAt).toBe(approvalExpiresAt);
  });
});

describe('a calendar that is closed when approvals are asked for', () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const expiresAt = (
    calendar: ProgressInput['calendar'],
    approvalExpiresAfterMs = HOUR_MS,
  ) =>
    decide({
      calendar,
      approvalExpiresAfterMs,
      campaign: { stage: 0, stageOpenedAt: undefined },
      members: [member(1, 'waiting', { needs: [NEED] })],
    }).approvals?.expiresAt;
  const freeze = (from: number, to: number) => ({
    from: NOW + from * HOUR_MS,
    to: NOW + to * HOUR_MS,
    reason: 'Sale',
  });
  // NOW is a Monday at noon.
  const windows = (day: number) => [
    { days: [day], from: 13 * 60, to: 15 * 60, timeZone: 'UTC' },
  ];

  it.each([
    ['none', { windows: [], freezes: [] }, 1],
    ['a freeze', { windows: [], freezes: [freeze(-1, 3)] }, 4],
    [
      'a freeze in which it would end',
      { windows: [], freezes: [freeze(0.5, 3)] },
      3,
    ],
    ['a window that opens later', { windows: windows(1), freezes: [] }, 2],
    [
      'a freeze and a window',
      { windows: windows(2), freezes: [freeze(-1, 3)] },
      24 + 2,
    ],
    ['a calendar that never opens', { windows: windows(8), freezes: [] }, 1],
  ])('leaves them their time after it: %s', (_title, calendar, hours) => {
    expect(expiresAt(calendar)).toBe(NOW + hours * HOUR_MS);
  });

  it('keeps them until the next window, when their time would end after one', () => {
    expect(expiresAt({ windows: windows(1), freezes: [] }, 3 * HOUR_MS)).toBe(
      NOW + (7 * 24 + 1) * HOUR_MS,
    );
  });
});

describe('approvals', () => {
  it('are waited for, and named as the reason', () => {
    const approvalExpiresAt = NOW + MINUTE_MS;
    const awaited = members(['succeeded', 'approval', 'approval'], {
      approvalExpiresAt,
    });
    for (const state of ['running', 'paused'] as const) {
      const progress = decide({ campaign: { state }, members: awaited });
      expect(progress.dueAt).toBe(approvalExpiresAt);
      expect(progress.waitingFor).toBeUndefined();
    }
    expect(
      standstillInWords([
        { state: 'succeeded', count: 1 },
        { state: 'approval', count: 2 },
      ]),
    ).toBe('2 members wait for approval');
  });
});

describe('concurrency', () => {
  it('is that of the campaign, and one that is being proven makes room', () => {
    const progress = decide({
      campaign: { strategy: { ...strategyOf({}), concurrency: 2 } },
      members: members(['running', 'proving', 'ready', 'ready']),
    });
    expect(released(progress)).toEqual([3]);
  });

  it.each([
    [1, ['proving'], []],
    [2, ['proving', 'proving'], [3]],
    [2, ['proving', 'proving', 'proving'], []],
    [2, ['running', 'proving', 'proving'], []],
    [1, ['running'], []],
  ] as const)(
    'of %i starts beside members that are %j no more than may be unproven',
    (concurrency, states, started) => {
      const progress = decide({
        campaign: { strategy: { ...strategyOf({}), concurrency } },
        members: members([...states, 'ready', 'ready']),
      });
      expect(released(progress)).toEqual(started);
    },
  );

  it('is that of each vault and subscription', () => {
    const some = [
      member(1, 'running', { vaultHost: 'a', subscriptionId: 'one' }),
      member(2, 'ready', { vaultHost: 'a', subscriptionId: 'two' }),
      member(3, 'ready', { vaultHost: 'b', subscriptionId: 'one' }),
      member(4, 'ready', { vaultHost: 'b', subscriptionId: 'two' }),
      member(5, 'ready', { vaultHost: 'c', subscriptionId: 'two' }),
    ];
    const start = (limits: object) =>
      released(
        decide({
          campaign: { strategy: { ...strategyOf({}), ...limits } },
          members: some,
        }),
      );
    expect(start({ perVault: 1 })).toEqual([3, 5]);
    expect(start({ perSubscription: 1 })).toEqual([2]);
    expect(start({})).toEqual([2, 3, 4, 5]);
  });

  it('names the reason while all that are ready could not start', () => {
    const tried = (position: number) =>
      member(position, 'ready', { waitingFor: 'Another operation' });
    const waitingFor = (...more: ProgressMember[]) =>
      decide({ members: [tried(1), tried(2), ...more] }).waitingFor;
    expect(waitingFor()).toBe(
      'No member can start now; each is tried again. The list of members says why',
    );
    expect(waitingFor(member(3, 'ready'))).toBeUndefined();
    expect(waitingFor(member(3, 'running'))).toBeUndefined();
  });

  it('is looked at again soon, as the process that starts a member may die', () => {
    const progress = decide({ members: members(['ready']) });
    expect(progress.dueAt).toBeGreaterThan(NOW);
    expect(progress.dueAt).toBeLessThan(NOW + MINUTE_MS);
  });
});

describe('windows and freezes', () => {
  const freeze = {
    from: NOW + 10 * MINUTE_MS,
    to: NOW + 60 * MINUTE_MS,
    reason: 'Sale',
  };
  const calendar = { windows: [], freezes: [freeze] };
  const plan = (seconds: number) => ({ seconds });

  it('start nothing that would end inside a freeze, and no later than its end', () => {
    const progress = decide({
      calendar,
      members: [member(1, 'ready', plan(3600)), member(2, 'ready', plan(60))],
    });
    expect(released(progress)).toEqual([2]);
    expect(
      decide({ calendar, members: [member(1, 'ready', plan(3600))] }),
    ).toMatchObject({
      dueAt: freeze.to,
      waitingFor: expect.stringContaining('Sale'),
    });
  });

  it('are looked up once for all members that take as long', () => {
    let reads = 0;
    const counted = {
      get windows() {
        reads += 1;
        return [];
      },
      freezes: [{ ...freeze, from: 0 }],
    };
    const { release } = decide({
      calendar: counted,
      members: Array.from({ length: 1000 }, (_, index) =>
        member(index + 1, 'ready', plan(60)),
      ),
    });
    expect(release).toBeUndefined();
    expect(reads).toBeLessThan(10);
  });

  it('see those to their end that have begun', () => {
    const progress = decide({
      calendar,
      now: freeze.from,
      members: members(['running', 'proving', 'ready']),
    });
    expect(released(progress)).toEqual([]);
    expect(progress.dueAt).toBeDefined();
  });
});

describe('failures', () => {
  const failing = (
    rule: CampaignStrategy['stages'][number],
    states: readonly CampaignMemberState[],
    more: Partial<CampaignRecord> = {},
  ) =>
    decide({
      campaign: { strategy: strategyOf(rule), ...more },
      members: members(states),
    }).campaign?.state;

  it.each<[string, object, CampaignMemberState[], 'paused' | undefined]>([
    ['none by default', {}, ['failed', 'ready'], 'paused'],
    ['unproven ones', {}, ['unverified', 'ready'], 'paused'],
    [
      'rejected, skipped and expired ones never',
      {},
      ['rejected', 'skipped', 'expired', 'ready'],
      undefined,
    ],
    [
      'as many as are allowed',
      { maxFailures: 1 },
      ['failed', 'ready'],
      undefined,
    ],
    [
      'one more',
      { maxFailures: 1 },
      ['failed', 'unverified', 'ready'],
      'paused',
    ],
    [
      'a share, rounded down',
      { maxFailurePercent: 40 },
      ['failed', 'ready', 'ready'],
      undefined,
    ],
    [
      'more than a share',
      { maxFailurePercent: 40 },
      ['failed', 'failed', 'ready'],
      'paused',
    ],
    [
      'the smaller of both limits',
      { maxFailures: 2, maxFailurePercent: 40 },
      ['failed', 'failed', 'ready'],
      'paused',
    ],
  ])('count: %s', (_title, rule, states, expected) => {
    expect(failing(rule, states)).toBe(expected);
  });

  it('pause the campaign with the cause, and start nothing', () => {
    const progress = decide({
      members: members(['failed', 'running', 'ready']),
    });
    expect(progress.release).toBeUndefined();
    expect(progress).toMatchObject({
      campaign: {
        state: 'paused',
        pause: {
          message:
            '1 of 3 in stage 1 failed, and its strategy allows 0. Nothing new starts',
        },
      },
      notes: [{ event: 'campaign-paused', details: { failed: [1] } }],
    });
  });

  it('with which a person resumed it do not pause it again; the next one does', () => {
    const resumed = { failuresAccepted: 1 };
    expect(failing({}, ['failed', 'ready'], resumed)).toBeUndefined();
    expect(failing({}, ['failed', 'failed', 'ready'], resumed)).toBe('paused');
  });

  it('that a retry has left do not pause it again; a later stage accepts none of them', () => {
    const again = decide({
      campaign: { stageOpenedAt: undefined, failuresAccepted: 1 },
      members: members(['failed', 'waiting']),
    });
    expect(again.campaign).toMatchObject({ stage: 1, failuresAccepted: 1 });
    const next = decide({
      campaign: {
        strategy: strategyOf({ count: 1 }, {}),
        failuresAccepted: 1,
      },
      members: [member(1, 'failed'), member(2, 'waiting', { stage: 2 })],
    });
    expect(next.campaign).toMatchObject({ stage: 2, failuresAccepted: 0 });
  });

  it('keep a later stage closed', () => {
    const progress = decide({
      campaign: { strategy: strategyOf({ count: 1 }, {}) },
      members: [member(1, 'failed'), member(2, 'waiting', { stage: 2 })],
    });
    expect(progress.campaign?.state).toBe('paused');
  });
});

describe('a campaign that is paused', () => {
  const pause = { by: 'user:default/olivia', message: 'Lunch', at: NOW };

  it('starts nothing, and sees those to their end that have begun', () => {
    const progress = decide({
      campaign: { state: 'paused', pause },
      members: members(['running', 'proving', 'ready', 'waiting']),
    });
    expect(progress.campaign).toBeUndefined();
    expect(released(progress)).toEqual([]);
    expect(progress.dueAt).toBeGreaterThan(NOW);
  });

  it('needs no look where nothing is under way', () => {
    expect(
      decide({
        campaign: { state: 'paused', pause },
        members: members(['succeeded', 'ready']),
      }).dueAt,
    ).toBeUndefined();
  });

  it('is aborted when those that have begun have ended', () => {
    const campaign = {
      state: 'paused',
      pause: { ...pause, aborts: true },
    } as const;
    expect(
      decide({ campaign, members: members(['running', 'not-started']) })
        .campaign,
    ).toBeUndefined();
    expect(
      decide({ campaign, members: members(['succeeded', 'not-started']) }),
    ).toMatchObject({
      campaign: { state: 'aborted', endedAt: NOW, dueAt: null },
      notes: [
        {
          event: 'campaign-ended',
          details: {
            state: 'aborted',
            message: 'Ended with 1 not started. 1 of 2 succeeded',
            members: [
              { position: 1, state: 'succeeded' },
              { position: 2, state: 'not-started' },
            ],
          },
        },
      ],
    });
  });
});

describe('members whose plan no longer fits', () => {
  it('have their stage wait for a person', () => {
    const progress = decide({
      campaign: { strategy: strategyOf({ count: 2 }, {}) },
      members: [
        member(1, 'succeeded'),
        member(2, 'changed'),
        member(3, 'waiting', { stage: 2 }),
      ],
    });
    expect(progress.campaign).toBeUndefined();
    expect(progress.dueAt).toBeUndefined();
    expect(progress.waitingFor).toBeUndefined();
    expect(released(progress)).toEqual([]);
    expect(standstillInWords([{ state: 'changed', count: 1 }])).toBe(
      'The plan of 1 member no longer fits, and nothing was written. Retry or skip it, or abort the campaign',
    );
    expect(
      standstillInWords([
        { state: 'changed', count: 1 },
        { state: 'ready', count: 1 },
      ]),
    ).toBeUndefined();
  });

  it('do not hold up the other members of the stage', () => {
    expect(
      released(decide({ members: members(['changed', 'ready']) })),
    ).toEqual([2]);
  });
});

describe('the end of a campaign', () => {
  it.each<[CampaignMemberState[], string]>([
    [['succeeded', 'succeeded'], 'Ended. All 2 members succeeded'],
    [['succeeded'], 'Ended. 1 member succeeded'],
    [
      ['succeeded', 'failed', 'failed', 'skipped'],
      'Ended with 2 failed, 1 skipped. 1 of 4 succeeded',
    ],
    [
      ['unverified', 'rejected', 'expired'],
      'Ended with 1 not proven, 1 rejected, 1 not approved in time. 0 of 3 succeeded',
    ],
  ])('%j: %s', (states, message) => {
    expect(
      decide({ campaign: { failuresAccepted: 9 }, members: members(states) }),
    ).toMatchObject({
      campaign: { state: 'ended', endedAt: NOW },
      notes: [{ details: { message, members: expect.any(Array) } }],
    });
  });

  it.each<[CampaignMemberState[], string]>([
    [
      ['succeeded', 'succeeded'],
      'Ended. All 2 members that you can see succeeded',
    ],
    [
      ['succeeded', 'failed'],
      'Ended with 1 failed. 1 of 2 that you can see succeeded',
    ],
  ])('%j of a reader who sees no others: %s', (states, message) => {
    const { message: shown } = campaignToOwner(
      campaignOf({ state: 'ended' }),
      states.map(state => ({ stage: 1, state, outcome: 'change', count: 1 })),
    );
    expect(shown).toBe(message);
  });

  it('comes when the last failed, as nothing is left that a pause could keep', () => {
    expect(
      decide({ members: members(['succeeded', 'failed']) }).campaign?.state,
    ).toBe('ended');
  });
});
