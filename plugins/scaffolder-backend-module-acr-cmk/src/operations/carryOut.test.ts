import { mockCredentials } from '@backstage/backend-test-utils';
import type { Operation, Plan } from 'backstage-plugin-acr-cmk-common';
import { FakeApi, NEW, OLD, refusal, REGISTRY } from '../__testUtils__/FakeApi';
import { Killed, TestTask } from '../__testUtils__/TestTask';
import { createRotateKeyAction } from '../actions/rotateKey';
import { GIVE_UP_AFTER_MS } from './withRetries';

const INPUT = {
  entityRef: 'resource:default/shop-images',
  reason: 'Quarterly rotation',
};

describe('a step that changes something', () => {
  let api: FakeApi;
  let task: TestTask;
  const run = (input: object = INPUT, options = {}) =>
    task.run(createRotateKeyAction(api.ports), input as any, options);
  const accepts = () =>
    api.requests.filter(one => one === 'POST /v1/operations').length;

  beforeEach(() => {
    api = new FakeApi();
    task = new TestTask();
  });

  it('acts for the person who started the task, with a token for each request', async () => {
    await run();
    expect([...api.authorizations]).toEqual([
      'Bearer user:default/olivia→acr-cmk',
    ]);
  });

  it.each([
    ['a service', mockCredentials.service()],
    ['nobody', mockCredentials.none()],
  ])('refuses to act for %s, and asks the API nothing', async (_, who) => {
    task.credentials = who;
    await expect(run()).rejects.toThrow(/PERSON_MISSING/);
    expect(api.requests).toEqual([]);
  });

  it('outputs the versions before and after, the operation, the state and the link', async () => {
    const outputs = await run();
    const [operation] = api.operations.values();
    expect(outputs).toEqual({
      operationId: operation.id,
      state: 'succeeded',
      message: expect.any(String),
      planHash: operation.plan.hash,
      registryId: REGISTRY,
      versionBefore: OLD,
      versionAfter: NEW,
      link: '/catalog/default/resource/shop-images/encryption',
    });
  });

  it('succeeds without the version after, when that cannot be read any more', async () => {
    api.next = [
      {
        when: /refresh=true/,
        then: () => refusal(503, 'X', 'FACTS_UNAVAILABLE', 'Vault is away'),
      },
    ];
    const outputs = await run();
    expect(outputs.state).toBe('succeeded');
    expect(outputs).not.toHaveProperty('versionAfter');
    expect(task.log).toContainEqual(expect.stringMatching(/Vault is away/));
  });

  it('asks which registry is meant, when the entity names several', async () => {
    api.names = [REGISTRY, REGISTRY.replace('shopimages', 'ordersimages')];
    await expect(run()).rejects.toThrow(
      /^registryId: resource:default\/shop-images names several registries; say which one: .*ordersimages \(INVALID_INPUT\)$/,
    );
    expect(accepts()).toBe(0);
  });

  it('writes the plan, the progress and the evidence into the log', async () => {
    const step = {
      index: 0,
      kind: 'rotate',
      title: 'Create a new version',
      target: 'k',
      writes: true,
      attempts: 1,
    } as const;
    api.story = [
      { state: 'running', steps: [{ ...step, state: 'running' }] },
      {
        state: 'succeeded',
        steps: [
          {
            ...step,
            state: 'done',
            evidence: [{ what: 'latest version', before: 'v1', after: 'v2' }],
          },
        ],
        result: { message: 'The registry is on v2.' },
      },
    ];
    await run();
    const [operation] = api.operations.values();
    expect(task.log).toEqual([
      `Plan ${operation.plan.id} for shopimages: A new version of shopimages is made.`,
      '  1. Create a new version',
      '  warn: Another registry uses it. Tell its owner.',
      '  also affected: baseimages (resource:default/base-images, 1 you may not see)',
      '  undo: Point it back.',
      `  hash: ${'a'.repeat(64)}`,
      `Operation ${operation.id} is accepted`,
      'Step 1 of 1, Create a new version: running',
      'At work',
      'Step 1 of 1, Create a new version: done',
      '  latest version: v1 → v2',
      'Ended: succeeded. The registry is on v2.',
    ]);
  });

  it('prints the plan of a dry run, and accepts nothing', async () => {
    const outputs = await run(INPUT, { isDryRun: true });
    expect(accepts()).toBe(0);
    expect(outputs).toMatchObject({ state: 'planned', versionBefore: OLD });
    expect(outputs).not.toHaveProperty('operationId');
    expect(task.log).toContainEqual(expect.stringMatching(/hash: a{64}/));
    expect(task.log.at(-1)).toBe('A dry run: nothing was written to Azure');
  });

  it.each([
    ['a reason that is a formula', { reason: '=1+1' }, {}, /^reason: must not/],
    [
      'a plan that is blocked',
      {},
      {
        blocked: true,
        checks: [{ id: 'x', status: 'fail', message: 'The vault is closed.' }],
      },
      /cannot be carried out: The vault is closed\. \(PLAN_BLOCKED\)$/,
    ],
    [
      'one request for approval too many',
      {},
      { approval: { required: true, noRoom: 'One person may have 20' } },
      /^One person may have 20 \(LIMIT_REACHED\)$/,
    ],
  ])(
    'refuses in a dry run as in a real one: %s',
    async (_what, input, plan, message) => {
      api.plan = plan as Partial<Plan>;
      await expect(
        run({ ...INPUT, ...input }, { isDryRun: true }),
      ).rejects.toThrow(message);
      expect(accepts()).toBe(0);
    },
  );

  it.each<[Operation['state'], object]>([
    ['failed', { message: 'The vault said no.', code: 'KEY_OUT_OF_REACH' }],
    ['rejected', { message: 'user:default/paul said no.' }],
    ['unverified', { message: 'Azure did not follow in its hour.' }],
  ])(
    'fails when the operation ends as %s, in its words',
    async (state, how) => {
      api.story = [{ state, result: how as any }];
      const [message, code] = Object.values(how);
      await expect(run()).rejects.toThrow(
        `ended as ${state}: ${message}${code ? ` (${code})` : ''}`,
      );
    },
  );

  it('fails in the words of the API when it refuses, without a stack', async () => {
    api.next = [
      {
        when: /POST \/v1\/plans/,
        then: () =>
          refusal(
            403,
            'NotAllowedError',
            'PERMISSION_MISSING',
            'You need the permission acr-cmk.key.rotate on resource:default/shop-images.',
          ),
      },
    ];
    const error = await run().catch(one => one);
    // The scaffolder prints the stack into the task's log.
    expect(error.stack).toBe(
      'NotAllowedError: You need the permission acr-cmk.key.rotate on resource:default/shop-images. (PERMISSION_MISSING)',
    );
  });

  it('says what it waits for until a second person has decided', async () => {
    api.story = [
      {
        state: 'awaiting-approval',
        approval: { state: 'pending', expiresAt: '2026-11-26T10:00:00Z' },
      },
      { state: 'awaiting-approval' },
      {
        state: 'queued',
        approval: { state: 'approved', by: 'user:default/paul' },
      },
      { state: 'succeeded' },
    ];
    await run();
    const waits = task.log.filter(line => /second person, who/.test(line));
    expect(waits).toEqual([
      expect.stringMatching(/before 26 Nov 2026, 10:00 UTC/),
    ]);
    expect(task.log).toContain('Approved by user:default/paul');
    expect(api.waited).toEqual([5_000, 5_000, 1_000]);
  });

  it('ends at once when it need not wait, with the state as it stands', async () => {
    api.story = [{ state: 'awaiting-approval' }, { state: 'failed' }];
    const outputs = await run({ ...INPUT, wait: false });
    expect(outputs.state).toBe('awaiting-approval');
    expect(api.waited).toEqual([]);
  });

  describe('run again after the backend died', () => {
    async function dieWhileWaiting() {
      api.onWait = () => {
        api.onWait = undefined;
        throw new Killed();
      };
      await expect(run()).rejects.toThrow(Killed);
    }

    it.each([
      ['before the plan was kept', /\.1\.plan$/, 2],
      ['after the request and before its operation was kept', /operation$/, 2],
    ])('%s, begins one operation only', async (_why, checkpoint, requests) => {
      task.diesBefore = checkpoint;
      await expect(run()).rejects.toThrow(Killed);
      const outputs = await run();
      expect(outputs.state).toBe('succeeded');
      expect(api.operations.size).toBe(1);
      expect(api.requests.filter(one => /^POST/.test(one))).toHaveLength(
        requests + 1,
      );
    });

    it('resumes the operation that it had begun', async () => {
      api.story = [{ state: 'running' }];
      await dieWhileWaiting();
      api.story = [{ state: 'running' }, { state: 'succeeded' }];
      const outputs = await run();
      expect(accepts()).toBe(1);
      expect(outputs.operationId).toBe([...api.operations.keys()][0]);
      expect(task.log).toContain(
        `Resumes operation ${outputs.operationId}, which this task had begun`,
      );
    });

    it('makes a new plan when the one that it had made has expired meanwhile', async () => {
      api.next = [{ when: /POST \/v1\/operations/, then: 'network' }];
      await dieWhileWaiting();
      api.next = [
        {
          when: /POST \/v1\/operations/,
          then: () => refusal(409, 'ConflictError', 'PLAN_EXPIRED', 'Expired'),
        },
      ];
      const outputs = await run();
      expect(outputs.state).toBe('succeeded');
      expect(api.plans.size).toBe(2);
      expect(api.operations.size).toBe(1);
    });

    it('reports an operation that failed meanwhile, and begins no other', async () => {
      api.story = [{ state: 'running' }];
      await dieWhileWaiting();
      api.story = [{ state: 'failed', result: { message: 'No.' } }];
      await expect(run()).rejects.toThrow(/ended as failed: No\./);
      expect(api.operations.size).toBe(1);
    });
  });

  it('makes a second attempt when a person retries a step that had failed', async () => {
    api.story = [{ state: 'failed', result: { message: 'No.' } }];
    await expect(run()).rejects.toThrow(/ended as failed/);
    api.story = [{ state: 'succeeded' }];
    const outputs = await run();
    expect(api.operations.size).toBe(2);
    expect(outputs.operationId).toBe([...api.operations.keys()][1]);
    // And a step that has succeeded is not done again.
    await run();
    expect(api.operations.size).toBe(2);
  });

  it('makes a new plan when a person retries after a refusal', async () => {
    api.next = [
      {
        when: /POST \/v1\/operations/,
        then: () => refusal(409, 'ConflictError', 'PLAN_DRIFTED', 'Changed'),
      },
    ];
    await expect(run()).rejects.toThrow('Changed (PLAN_DRIFTED)');
    await run();
    expect(api.plans.size).toBe(2);
    expect(api.operations.size).toBe(1);
  });

  it('makes an operation for each of a list, and none twice', async () => {
    await run();
    await run({ ...INPUT, registryId: REGISTRY.replace('shop', 'orders') });
    await run();
    expect(api.operations.size).toBe(2);
  });

  it('asks the same again when an answer is lost, and begins one operation', async () => {
    api.next = [
      { when: /POST \/v1\/operations/, then: 'lost-answer' },
      { when: /POST \/v1\/operations/, then: 'network' },
    ];
    await run();
    expect(accepts()).toBe(3);
    expect(api.operations.size).toBe(1);
    expect(
      task.log.filter(line => /does not answer; trying again/.test(line)),
    ).toHaveLength(1);
  });

  it('asks the same again while the database keeps it unknown whether the plan was accepted', async () => {
    const unknown = () => refusal(503, 'X', 'ACCEPTANCE_UNKNOWN', 'Unknown');
    const accept = /POST \/v1\/operations/;
    api.next = [
      { when: accept, then: 'lost-answer' },
      ...Array.from({ length: 9 }, () => ({ when: accept, then: unknown })),
    ];
    await run();
    expect(accepts()).toBe(11);
    expect(api.operations.size).toBe(1);
  });

  it('resumes the same attempt when that is unknown for longer than the step asks', async () => {
    api.next = Array.from({ length: 200 }, (_, n) => ({
      when: /POST \/v1\/operations/,
      then:
        n === 0
          ? ('lost-answer' as const)
          : () => refusal(503, 'X', 'ACCEPTANCE_UNKNOWN', 'Unknown'),
    }));
    await expect(run()).rejects.toThrow('Unknown (ACCEPTANCE_UNKNOWN)');
    api.next = [];
    await run();
    expect(api.plans.size).toBe(1);
    expect(api.operations.size).toBe(1);
  });

  it('waits when the tasks of the person ask too often, and not when too many requests wait for approval', async () => {
    const limited = (limit: string) => () => {
      const { status, body } = refusal(429, 'X', 'LIMIT_REACHED', 'Too many');
      return { status, body: { ...body, error: { ...body.error, limit } } };
    };
    api.next = [
      { when: /POST \/v1\/operations/, then: limited('writesPerMinute') },
      { when: /GET \/v1\/operations/, then: limited('readsPerMinute') },
    ];
    expect((await run()).state).toBe('succeeded');
    expect(task.log.join('\n')).toContain(
      'Too many (LIMIT_REACHED); trying again',
    );
    api.next = [
      { when: /POST \/v1\/operations/, then: limited('waitingRequests') },
    ];
    await expect(run({ ...INPUT, reason: 'Another one' })).rejects.toThrow(
      'Too many (LIMIT_REACHED)',
    );
  });

  it('follows over a restart of the backend', async () => {
    api.story = [{ state: 'running' }, { state: 'succeeded' }];
    api.next = [
      { when: /GET \/v1\/operations/, then: 'network' },
      {
        when: /GET \/v1\/operations/,
        then: () => ({ status: 502, body: {} }),
      },
    ];
    expect((await run()).state).toBe('succeeded');
  });

  it('gives up after minutes without an answer, and names no host', async () => {
    api.next = Array.from({ length: 100 }, () => ({
      when: /GET \/v1\/operations/,
      then: 'network' as const,
    }));
    const error = await run().catch(one => one);
    expect(error.message).toMatch(/BACKEND_UNREACHABLE/);
    expect(error.message).not.toMatch(/backend\.test/);
    const waited = api.waited.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(GIVE_UP_AFTER_MS);
  });

  it('says that the operation continues when the session of the person is over', async () => {
    api.story = [{ state: 'waiting' }];
    api.onWait = () => {
      api.next = [
        {
          when: /GET \/v1\/operations/,
          then: () => ({
            status: 401,
            body: { error: { name: 'AuthenticationError', message: 'jwt' } },
          }),
        },
      ];
    };
    await expect(run()).rejects.toThrow(/continues without it.*SESSION_OVER/);
  });

  describe('when the task is cancelled', () => {
    beforeEach(() => {
      api.story = [{ state: 'awaiting-approval' }];
      api.onWait = () => task.cancel();
    });

    it('cancels an operation that has not written yet', async () => {
      await expect(run()).rejects.toThrow(
        `ended as cancelled: Cancelled: Scaffolder task ${task.id} was cancelled`,
      );
      expect(task.log).toContainEqual(
        expect.stringMatching(/is cancelled as well, and nothing was written/),
      );
    });

    it('leaves one that has, and says so', async () => {
      api.next = [
        {
          when: /\/cancel$/,
          then: () =>
            refusal(409, 'ConflictError', 'OPERATION_STATE', 'has begun'),
        },
      ];
      await expect(run()).rejects.toThrow(
        /has begun to write or has ended, and is left as it is.*TASK_CANCELLED/,
      );
    });
  });
});
