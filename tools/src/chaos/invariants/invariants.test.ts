import { History } from '../client/History';
import type { AuditRow, Evidence, OperationRow, StepSpec } from '../evidence';
import { TARGETS } from '../world/people';
import { invariants } from '.';

const KEY = 'https://kv.vault.azure.net/keys/shop';
const OLD = 'a'.repeat(32);
const NEW = 'b'.repeat(32);
const [SHOP] = TARGETS;
const REGISTRY = '/subscriptions/s/registries/shop';

const ASSIGNMENT = '/vaults/kv/principal/role';

const rotateKey: StepSpec = { kind: 'make-key-version', key: KEY };
const setVersion = (enabled: boolean): StepSpec => ({
  kind: 'set-version-enabled',
  key: `${KEY}/${OLD}`,
  enabled,
});

function operation(
  id: string,
  kind: string,
  spec: StepSpec,
  more: Partial<OperationRow> = {},
): OperationRow {
  return {
    id,
    kind,
    state: 'succeeded',
    registryKey: 'shop',
    registryName: 'shop',
    requestedBy: 'user:default/olivia',
    origin: 'person',
    idempotencyKey: `key-${id}`,
    createdAt: 1000,
    keyBefore: KEY,
    versionInUseBefore: `${KEY}/${NEW}`,
    outputs: {},
    steps: [{ position: 0, state: 'done', attempts: 1, spec }],
    ...more,
  };
}

/** The record of operations that ran one after the other, each with one write. */
function recordOf(...operations: { id: string; state: string }[]): AuditRow[] {
  return operations
    .flatMap(({ id: operationId, state }) => [
      { operationId, event: 'operation-accepted', details: {} },
      { operationId, event: 'azure-write', details: { step: 0 } },
      { operationId, event: 'step-ended', details: { step: 0 } },
      { operationId, event: 'operation-ended', details: { state } },
    ])
    .map((row, index) => ({
      seq: index + 1,
      at: index * 60_000,
      actor: 'user:default/olivia',
      ...row,
    }));
}

const entry = (method: string, host: string, path: string, status = 200) => ({
  time: '2026-11-25T10:00:00.000Z',
  method,
  host,
  path,
  query: '',
  principal: 'rotator',
  status,
  correlationId: `${method}${path}`,
});
const ROTATED = entry('POST', 'kv.vault.azure.net', '/keys/shop/rotate');
const PATCHED = entry('PATCH', 'kv.vault.azure.net', `/keys/shop/${OLD}`);

const rotate = operation('1', 'rotate', rotateKey, {
  outputs: { newVersion: NEW },
});
const revoke = operation('2', 'revoke', setVersion(false), { undoneBy: '3' });
const restore = operation('3', 'restore', setVersion(true));

/** A new version, and a revoke that was undone: everything holds. */
function goodEvidence(): Evidence {
  const operations = structuredClone([rotate, revoke, restore]);
  const enabled = (version: string) => ({ version, enabled: true });
  const audit = recordOf(...operations);
  return {
    history: new History(),
    log: [ROTATED, PATCHED, PATCHED],
    azure: {
      before: {
        registries: {},
        keys: { [KEY]: { deleted: false, versions: [enabled(OLD)] } },
        accessPolicies: [],
        roleAssignments: [ASSIGNMENT],
      },
      after: {
        registries: { shop: { keyIdentifier: KEY, versionInUse: NEW } },
        keys: {
          [KEY]: { deleted: false, versions: [enabled(OLD), enabled(NEW)] },
        },
        accessPolicies: [],
        roleAssignments: [ASSIGNMENT],
      },
    },
    pulls: { ended: { shop: 200 }, restored: { shop: 200 } },
    restoresRefused: [],
    operations,
    operationsWhenEnded: structuredClone(operations),
    campaigns: [],
    reports: { reports: [], exitCode: 0, output: '' },
    approvals: ['retire'],
    locks: [],
    audit,
    chain: { exitCode: 0, output: 'holds', records: audit.length },
    endedByThemselves: [],
    drills: [{ name: 'a drill' }],
    timers: [],
    inventory: [],
  };
}

const order = (answers: Evidence['history']['orders'][0]['attempts']) => ({
  idempotencyKey: 'key-1',
  person: 'olivia' as const,
  target: SHOP,
  intent: { kind: 'rotate' as const },
  planId: 'p',
  planHash: 'h',
  reason: 'r',
  attempts: answers,
});
const attempt = (
  answer: Evidence['history']['orders'][0]['attempts'][0]['answer'],
) => ({ backend: 'backend-1', sentAt: 900, answeredAt: 1100, answer });

/** Record of one operation that replaces the whole record. */
const replaced = (evidence: Evidence, operations: OperationRow[]) => {
  evidence.operations = operations;
  evidence.operationsWhenEnded = operations;
  evidence.audit = recordOf(...operations);
  evidence.chain.records = evidence.audit.length;
};

describe('the invariants', () => {
  it('all hold for a run in which nothing went wrong', () => {
    const evidence = goodEvidence();
    expect(invariants.flatMap(one => one.violations(evidence))).toEqual([]);
  });

  const cancelledAfter = (log: Evidence['log']) => {
    const evidence = goodEvidence();
    const cancelled = operation('1', 'rotate', rotateKey, {
      state: 'cancelled',
      steps: [{ position: 0, state: 'waiting', attempts: 0, spec: rotateKey }],
    });
    replaced(evidence, [cancelled]);
    evidence.log = log;
    return invariants
      .find(({ name }) => name.startsWith('what was cancelled'))!
      .violations(evidence);
  };

  it('take what Azure refused, or never got, for no write of a cancelled operation', () => {
    const answered = (status?: number) => [{ ...ROTATED, status }];
    expect(cancelledAfter(answered(409))).toEqual([]);
    // Without a token, no request leaves.
    expect(cancelledAfter([])).toEqual([]);
    for (const status of [200, undefined]) {
      expect(cancelledAfter(answered(status))).toEqual([
        expect.stringContaining('is cancelled, after 1 writes'),
      ]);
    }
  });

  it.each<
    [
      what: string,
      invariant: string,
      message: string,
      spoil: (evidence: Evidence) => void,
    ]
  >([
    [
      'an operation that still runs',
      'every accepted operation ends once',
      'has not ended: it is running',
      ({ operations }) => {
        operations[0].state = 'running';
      },
    ],
    [
      'an operation that ended twice',
      'every accepted operation ends once',
      '1 acceptances and 2 ends',
      evidence => {
        evidence.audit = [
          ...evidence.audit,
          { ...evidence.audit[3], seq: evidence.audit.length + 1 },
        ];
        evidence.chain.records += 1;
      },
    ],
    [
      'an acknowledged operation that is not there',
      'whatever was acknowledged is there, once for each idempotency key',
      'operation 9, which is not there',
      ({ history }) => {
        history.orders.push(
          order([attempt({ kind: 'accepted', operationId: '9' })]),
        );
      },
    ],
    [
      'one key that led to two operations',
      'whatever was acknowledged is there, once for each idempotency key',
      'key-1 was answered with 1 and 2',
      ({ history }) => {
        history.orders.push(
          order([
            attempt({ kind: 'accepted', operationId: '1' }),
            attempt({ kind: 'accepted', operationId: '2' }),
          ]),
        );
      },
    ],
    [
      'a denial of an acceptance that took place',
      'what was refused did not happen',
      'was accepted, and the answer was: nothing was accepted',
      ({ history }) => {
        history.orders.push(
          order([
            attempt({ kind: 'unknown', message: 'nothing was accepted' }),
          ]),
        );
      },
    ],
    [
      'an operation of somebody who may only look',
      'what was refused did not happen',
      'accepted from somebody who may only look',
      ({ operations }) => {
        operations[0].requestedBy = 'user:default/vera';
      },
    ],
    [
      'a write of a cancelled operation',
      'what was cancelled or rejected has written nothing',
      'is cancelled, after 1 writes',
      evidence =>
        replaced(evidence, [
          { ...rotate, state: 'cancelled' },
          revoke,
          restore,
        ]),
    ],
    [
      'a version that nobody claims',
      'every version that was made is one that exactly one operation reports',
      `version ${NEW} of ${KEY} was made, and no operation reports it`,
      ({ operations }) => {
        operations[0].outputs = {};
      },
    ],
    [
      'a claim of a version that was never made',
      'every version that was made is one that exactly one operation reports',
      'which nobody made',
      ({ operations }) => {
        operations[1].outputs = { newVersion: 'c'.repeat(32) };
      },
    ],
    [
      'a write that no operation reports',
      'every write that reached Azure belongs to an operation that reports it',
      'reached Azure 2 times',
      evidence => {
        evidence.log = [...evidence.log, ROTATED];
      },
    ],
    [
      'two operations that write at once',
      'no two operations wrote to one registry at the same time',
      'wrote while',
      evidence => {
        const [begun, wrote, ...rest] = evidence.audit;
        const end = rest[1];
        evidence.audit = [
          begun,
          wrote,
          ...rest.filter(row => row !== end),
          end,
        ].map((row, index) => ({ ...row, seq: index + 1 }));
      },
    ],
    [
      'a version that was disabled again behind the restore',
      'Azure is as the operations say, and what none of them is about is as before',
      'restore of shop (3) was the last to say',
      ({ azure }) => {
        azure.after.keys[KEY].versions[0].enabled = false;
      },
    ],
    [
      'a rotation policy that another has replaced',
      'Azure is as the operations say, and what none of them is about is as before',
      `automatic-rotation of shop (4) was the last to say that the rotation policy ${KEY}/400 is there or enabled`,
      evidence => {
        replaced(evidence, [
          operation('4', 'automatic-rotation', {
            kind: 'set-rotation-policy',
            key: KEY,
            policy: { timeAfterCreate: 'P400D' },
          }),
        ]);
        evidence.azure.after.keys[KEY].rotatesAfter = 'P500D';
      },
    ],
    [
      'a bystander that was changed',
      'Azure is as the operations say, and what none of them is about is as before',
      'no operation is about the version',
      ({ azure }) => {
        azure.before.keys.other = {
          deleted: false,
          versions: [{ version: OLD, enabled: true }],
        };
        azure.after.keys.other = {
          deleted: false,
          versions: [{ version: OLD, enabled: false }],
        };
      },
    ],
    [
      'a restore that marks a revoke which nothing has undone',
      'a restore brings back what the revokes took that it undoes, and nothing else',
      'nothing gave the version',
      evidence => {
        replaced(evidence, [
          rotate,
          revoke,
          operation('3', 'restore', {
            kind: 'resend-key',
            registryId: REGISTRY,
          }),
        ]);
        evidence.log = [
          ROTATED,
          PATCHED,
          entry('PATCH', 'management.azure.com', REGISTRY),
        ];
        evidence.azure.after.keys[KEY].versions[0].enabled = false;
      },
    ],
    [
      'a restore that enables a version which was retired',
      'a restore brings back what the revokes took that it undoes, and nothing else',
      'had switched off for good',
      evidence =>
        replaced(evidence, [rotate, { ...revoke, kind: 'retire' }, restore]),
    ],
    [
      'a pull that is refused without a revoke',
      'each registry that is not revoked can be pulled from',
      'a pull from shop was answered 403, and no revoke of it stands',
      ({ pulls }) => {
        pulls.ended.shop = 403;
      },
    ],
    [
      'a restore that is refused',
      'each revoked registry can be restored, and then be pulled from',
      'and so is its restore: it is busy',
      ({ restoresRefused }) => {
        restoresRefused.push({ registry: 'shop', why: 'it is busy' });
      },
    ],
    [
      'a pull that is refused after the restore',
      'each revoked registry can be restored, and then be pulled from',
      'is answered 403; its last one: restore of shop (3) succeeded',
      ({ pulls }) => {
        pulls.restored.shop = 403;
      },
    ],
    [
      'a lock',
      'no lock is left',
      'operation 1 still holds the lock of shop',
      evidence => {
        evidence.locks = [{ target: 'shop', operationId: '1' }];
      },
    ],
    [
      'a broken chain',
      'the audit chain is whole, by the tool that shares no code with the plugin',
      'Broken at record 3',
      ({ chain }) => {
        chain.exitCode = 1;
        chain.output = 'Broken at record 3';
      },
    ],
    [
      'a record that was left out of the export',
      'the audit chain is whole, by the tool that shares no code with the plugin',
      '11 records were exported, and 12 are there',
      ({ chain }) => {
        chain.records = 11;
      },
    ],
    [
      'a drill that did not take place',
      'each drill takes place, and goes as it has to',
      'not so: a drill: no plan to restore',
      evidence => {
        evidence.drills = [{ name: 'a drill', problem: 'no plan to restore' }];
      },
    ],
    [
      'a timer whose restore is late',
      'each timer restores within a minute of its time',
      'was restored 61000 ms after its time',
      evidence => {
        evidence.timers = [{ operationId: '2', dueAt: 1000 }];
        Object.assign(evidence.operations[2], {
          origin: 'timer',
          createdAt: 62_000,
        });
      },
    ],
    [
      'a revoke with a timer that a person had to restore',
      'each timer restores within a minute of its time',
      'was not restored by its timer',
      evidence => {
        evidence.timers = [{ operationId: '2', dueAt: 1000 }];
      },
    ],
    [
      'a grant that a restore did not give back',
      'after its restores each registry of the drills has the grants and versions that it had before',
      `the role assignment ${ASSIGNMENT} is gone`,
      ({ azure }) => {
        azure.after.roleAssignments = [];
      },
    ],
    [
      'a grant that was given besides',
      'after its restores each registry of the drills has the grants and versions that it had before',
      'one role assignment more: /vaults/kv/keys/shop/principal/role',
      ({ azure }) => {
        azure.after.roleAssignments.push('/vaults/kv/keys/shop/principal/role');
      },
    ],
    [
      'a version of a drill that stays disabled',
      'after its restores each registry of the drills has the grants and versions that it had before',
      `the version ${KEY}/${OLD} is not as before`,
      ({ azure }) => {
        azure.before.registries.drillhalf = { keyIdentifier: `${KEY}/${OLD}` };
        azure.after.keys[KEY].versions[0].enabled = false;
      },
    ],
    [
      'a restore that calls access proved which it did not see',
      'whatever is called revoked or restored was seen so',
      'saw these access paths: none',
      ({ audit }) => {
        audit.find(
          ({ operationId, event }) =>
            operationId === '3' && event === 'step-ended',
        )!.details = {
          kind: 'confirm-restored',
          after: [{ what: 'access paths to the key', value: 'none' }],
        };
      },
    ],
    [
      'a revoke that calls access gone which it still saw',
      'whatever is called revoked or restored was seen so',
      'saw these access paths: a role at the key',
      ({ audit }) => {
        audit.find(
          ({ operationId, event }) =>
            operationId === '2' && event === 'step-ended',
        )!.details = {
          kind: 'confirm-revoked',
          after: [
            { what: 'access paths to the key', value: 'a role at the key' },
          ],
        };
      },
    ],
    [
      'an operation that did not wait for the writes of its former worker',
      'no operation ends while a write of a former worker may still arrive',
      'ended 3000 ms before its former worker',
      ({ operations }) => {
        Object.assign(operations[0], { endedAt: 5000, settlesAt: 8000 });
      },
    ],
    [
      'an operation that a late write did not hold open',
      'no operation ends while a write of a former worker may still arrive',
      'was not held open by its late write',
      evidence => {
        const [end] = evidence.audit.filter(
          ({ event }) => event === 'operation-ended',
        );
        evidence.audit = [
          {
            seq: end.seq - 0.5,
            at: end.at - 1000,
            event: 'late-write',
            actor: 'plugin:acr-cmk',
            operationId: end.operationId,
            details: {},
          },
          ...evidence.audit,
        ];
      },
    ],
    [
      'a row that is not as Azure',
      'the inventory shows Azure as it is, two intervals after the last change',
      'shop has another key',
      evidence => {
        evidence.inventory = ['shop has another key'];
      },
    ],
    [
      'a backend that fell over',
      'no backend ends by itself',
      'backend-1 ended though nobody had asked it to',
      evidence => {
        evidence.endedByThemselves = ['backend-1'];
      },
    ],
  ])('find %s', (_what, invariant, message, spoil) => {
    const evidence = goodEvidence();
    spoil(evidence);
    const found = invariants
      .filter(one => one.violations(evidence).length > 0)
      .map(({ name }) => name);
    expect(found).toContain(invariant);
    expect(
      invariants
        .find(({ name }) => name === invariant)!
        .violations(evidence)
        .join('\n'),
    ).toContain(message);
  });

  it('take a revoke that stands for a reason, also for who shares its key', () => {
    const evidence = goodEvidence();
    evidence.operationsWhenEnded = [
      { ...revoke, registryName: 'other', undoneBy: undefined },
    ];
    evidence.pulls.ended.shop = 403;
    const pulls = invariants.find(
      ({ name }) =>
        name === 'each registry that is not revoked can be pulled from',
    )!;
    expect(pulls.violations(evidence)).toEqual([]);
    evidence.operationsWhenEnded = [
      { ...revoke, registryName: 'other', undoneBy: undefined, keyBefore: 'x' },
    ];
    expect(pulls.violations(evidence)).toHaveLength(1);
  });

  it('stop at a kind of step that they do not know', () => {
    const evidence = goodEvidence();
    replaced(evidence, [operation('1', 'rotate', { kind: 'purge-key' })]);
    expect(() => invariants.forEach(one => one.violations(evidence))).toThrow(
      'does not know the step purge-key',
    );
  });
});
