import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ActionRefused,
  CRYPTO_SERVICE_ENCRYPTION_USER,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { Boundaries } from '../../__testUtils__/Boundaries';
import { registryId } from '../../__testUtils__/demoWorld';
import { type Engine, startEngine } from '../../__testUtils__/engine';
import { mayReadBy } from '../../__testUtils__/mayReadBy';
import { NOBODY } from '../../__testUtils__/nobody';
import { useAzure } from '../../__testUtils__/useAzure';
import { registriesLosingKey } from '../../domain/effects';
import { isEveryVersion, keyMethods } from '../../domain/plan/revoke/byKey';
import { EVENT_KINDS } from '../../notifications/kinds';
import { DueLoop } from '../../platform/time/DueLoop';
import { describeStep } from '../../domain/steps';
import { PermissionChecker } from '../gate/PermissionChecker';
import { ApprovalStore } from '../../engine/ApprovalStore';
import type { OperationRecord } from '../../engine/types';
import { OperationReader } from './OperationReader';
import { RestoreTimer } from './RestoreTimer';
import { isRestoreOverdue, toOperation } from './toOperation';

// Some tests carry out four operations.
jest.setTimeout(30_000);

const MINUTE = 60_000;
const SHOP = registryId('shopimages');
const OF_EVERY_VERSION = (
  Object.keys(keyMethods) as (keyof typeof keyMethods)[]
).filter(isEveryVersion);

describe('a revoke with a timer', () => {
  const azure = useAzure();
  let engine: Engine;
  let approvals: ApprovalStore;
  let timers: RestoreTimer[];

  beforeEach(async () => {
    azure.emulator.reset();
    engine = await startEngine(azure.ports, undefined, azure.emulator);
    approvals = new ApprovalStore({
      db: engine.db,
      clock: engine.clock,
      audit: engine.audit,
    });
    const timer = () =>
      new RestoreTimer({
        operations: engine.operations,
        acceptances: engine.acceptances,
        approvals,
        plans: engine.planService,
        clock: engine.clock,
        logger: mockServices.logger.mock(),
        accepted: async () => undefined,
      });
    timers = [timer(), timer()];
  });
  afterEach(() => engine.stop());

  async function revoke() {
    const { id } = await engine.accept(SHOP, {
      kind: 'revoke',
      restoreAfterMinutes: 30,
    });
    const operation = await engine.runToEnd(id);
    expect(operation).toMatchObject({ state: 'succeeded' });
    return operation;
  }

  /** Every replica sweeps. */
  const sweep = () => Promise.all(timers.map(timer => timer.sweep()));
  const restores = () => engine.operations.list({ kind: 'restore', limit: 10 });

  it('is restored once by the timer when nobody has confirmed it', async () => {
    const { id, endedAt, restoresAt } = await revoke();
    expect(restoresAt).toBe(endedAt! + 30 * MINUTE);
    await sweep();
    expect(await restores()).toEqual([]);

    engine.clock.advance(31 * MINUTE);
    await sweep();
    await sweep();
    const [restore, ...others] = await restores();
    expect(others).toEqual([]);
    expect(restore).toMatchObject({
      requestedBy: 'user:default/tester',
      origin: 'timer',
      reason: `Nobody confirmed revoke ${id} in time`,
      intent: { kind: 'restore', operationId: id, onlyOperation: true },
    });
    expect(await engine.runToEnd(restore.id)).toMatchObject({
      state: 'succeeded',
    });
    expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
      true,
    );
    const records = await engine.audit.list({});
    expect(records).toContainEqual(
      expect.objectContaining({
        event: 'restore-timer',
        actor: 'plugin:acr-cmk',
        operationId: id,
        details: expect.objectContaining({
          restoreId: restore.id,
          onBehalfOf: 'user:default/tester',
        }),
      }),
    );
    const ofRestore = records.filter(each => each.operationId === restore.id);
    expect(ofRestore.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['operation-accepted', 'operation-ended']),
    );
    expect(new Set(ofRestore.map(({ actor }) => actor))).toEqual(
      new Set(['plugin:acr-cmk']),
    );
    const ended = (await engine.operations.get(restore.id))!;
    expect(
      toOperation(ended, [], {
        ...NOBODY,
        approvers: new Map(),
      }),
    ).toMatchObject({ automatic: true });
    expect(
      EVENT_KINDS.restored.notice(ofRestore.at(-1)!, ended)?.message(0)
        .description,
    ).toContain('Automatically, as requested by user:default/tester');
  });

  it('is restored within five seconds of its time', async () => {
    const { restoresAt } = await revoke();
    // Checks at each full minute would miss it by more.
    engine.clock.advance(7_000);
    const stopped = new AbortController();
    const sleep = async (ms: number) => {
      engine.clock.advance(ms);
      if ((await restores()).length > 0) stopped.abort();
      if ((await engine.clock.now()) > restoresAt! + MINUTE) stopped.abort();
    };
    await new DueLoop(timers[0], mockServices.logger.mock()).run(
      sleep,
      stopped.signal,
    );
    const [restore] = await restores();
    expect(restore.createdAt).toBeGreaterThanOrEqual(restoresAt!);
    expect(restore.createdAt).toBeLessThan(restoresAt! + 5_000);
  });

  it('is tried again after its timers could not be read', async () => {
    const { restoresAt } = await revoke();
    const stopped = new AbortController();
    jest
      .spyOn(approvals, 'msUntilRestore')
      .mockRejectedValueOnce(new Error('No database'));
    const sleep = async (ms: number) => {
      engine.clock.advance(ms);
      if ((await restores()).length > 0) stopped.abort();
    };
    await new DueLoop(timers[0], mockServices.logger.mock()).run(
      sleep,
      stopped.signal,
    );
    expect((await restores())[0].createdAt).toBeLessThan(restoresAt! + 5_000);
  });

  it('is permanent when somebody has confirmed it', async () => {
    const { id } = await revoke();
    await approvals.confirm(id, {
      actor: 'user:default/priya',
      reason: 'It has leaked',
    });
    engine.clock.advance(24 * 60 * MINUTE);
    await sweep();
    expect(await restores()).toEqual([]);
    expect(await engine.operations.get(id)).toMatchObject({
      confirmedBy: 'user:default/priya',
      restoresAt: undefined,
    });
    await expect(
      approvals.confirm(id, { actor: 'user:default/paul', reason: 'Me too' }),
    ).rejects.toThrow('user:default/priya has confirmed it already');
  });

  it('needs nothing when somebody restored it before', async () => {
    const { id } = await revoke();
    const restored = await engine.accept(SHOP, { kind: 'restore' });
    await engine.runToEnd(restored.id);
    engine.clock.advance(31 * MINUTE);
    await sweep();
    expect(await restores()).toHaveLength(1);
    expect((await engine.operations.get(id))?.restoresAt).toBeUndefined();
  });

  it('waits for an operation that holds the registry', async () => {
    const { id } = await revoke();
    await engine.accept(SHOP, {
      kind: 'revoke',
      method: 'disable-version',
    });
    engine.clock.advance(31 * MINUTE);
    await sweep();
    expect(await restores()).toEqual([]);
    expect((await engine.operations.get(id))?.restoresAt).toBeGreaterThan(
      await engine.clock.now(),
    );
  });

  it('is not armed by a revoke that was cancelled', async () => {
    const { id } = await engine.accept(SHOP, {
      kind: 'revoke',
      restoreAfterMinutes: 30,
    });
    await approvals.cancel(id, { actor: 'user:default/tester', reason: 'No' });
    expect((await engine.operations.get(id))?.restoresAt).toBeUndefined();
  });

  describe('whose write the database has forgotten', () => {
    const TABLES = [
      'operations',
      'operation_steps',
      'operation_locks',
      'audit',
      'audit_head',
    ] as const;
    /** Copies what a standby has. @returns what makes it the database */
    async function standby() {
      const { db } = engine;
      const copies: [table: (typeof TABLES)[number], rows: object[]][] = [];
      for (const table of TABLES) copies.push([table, await db(table)]);
      return async () => {
        for (const [table] of [...copies].reverse()) await db(table).delete();
        for (const [table, rows] of copies) {
          if (rows.length > 0) await db(table).insert(rows as never);
        }
      };
    }

    it('is armed after a failover to a copy from before the write, and gives back exactly what was taken', async () => {
      const { state } = azure.emulator;
      const principalId = state.principalId('id-shopimages');
      // More than a registry needs: the narrowest grant would not be what was taken.
      await asAdmin(azure.emulator).send(
        'PUT',
        `https://management.azure.com${state.vault('kv-contoso-rbac').id}/providers/Microsoft.Authorization/roleAssignments/12345678-1234-4234-8234-123456789012?api-version=2022-04-01`,
        {
          properties: {
            roleDefinitionId: `/subscriptions/${azure.emulator.ready.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_SERVICE_ENCRYPTION_USER}`,
            principalId,
            principalType: 'ServicePrincipal',
          },
        },
      );
      const roles = () =>
        state
          .assignments(principalId)
          .map(({ scope, roleId }) => `${scope} ${roleId}`)
          .sort();
      const before = roles();
      expect(before).toHaveLength(2);
      const { id } = await engine.accept(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
        restoreAfterMinutes: 30,
      });
      const fail = await standby();
      expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
      await fail();

      azure.emulator.clearRequests();
      const ended = await engine.runToEnd(id);
      expect(ended).toMatchObject({
        state: 'succeeded',
        restoresAt: ended.endedAt! + 30 * MINUTE,
      });
      expect(ended.steps.every(({ attempts }) => attempts === 0)).toBe(true);
      const records = await engine.audit.list({});
      expect(EVENT_KINDS.revoked.notice(records.at(-1)!, ended)?.to).toEqual({
        ownersOf: ended,
        affected: registriesLosingKey(ended.effects),
      });
      expect(await engine.operations.hasPendingRevoke(ended.registryId)).toBe(
        true,
      );
      engine.clock.advance(31 * MINUTE);
      expect(await restoredByTimer()).toMatchObject({ state: 'succeeded' });
      expect(roles()).toEqual(before);
      expect((await engine.operations.get(id))?.undoneBy).toBeDefined();
    });

    it('is a pending revoke also when only its first write was done, and the second one is not sent', async () => {
      const { id } = await engine.accept(SHOP, {
        kind: 'revoke',
        method: 'disable-all-versions',
        restoreAfterMinutes: 30,
      });
      const { versions } = azure.emulator.state.key(
        'kv-contoso-rbac',
        'shopimages',
      );
      const { steps } = (await engine.operations.get(id))!;
      const first = versions.find(({ version }) =>
        JSON.stringify(
          steps.find(({ spec }) => describeStep(spec).writes),
        ).includes(version),
      )!;
      await asAdmin(azure.emulator).enableVersion(
        ['kv-contoso-rbac', 'shopimages', first.version],
        false,
      );
      const ended = await engine.runToEnd(id);
      expect(ended).toMatchObject({
        state: 'failed',
        result: {
          code: 'PLAN_DRIFTED',
          message: expect.stringContaining('Nothing more was written'),
        },
      });
      expect(ended.restoresAt).toBeDefined();
      expect(await engine.operations.hasPendingRevoke(ended.registryId)).toBe(
        true,
      );
    });
  });

  const revokeBy = async (
    method: RevokeMethodId,
    restoreAfterMinutes?: number,
  ) => {
    const { id } = await engine.accept(SHOP, {
      kind: 'revoke',
      method,
      restoreAfterMinutes,
    });
    expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
    return id;
  };
  /** The one that came last. */
  async function restoredByTimer() {
    await sweep();
    const [{ id }] = await restores();
    return engine.runToEnd(id);
  }
  const kinds = ({ steps }: OperationRecord) =>
    steps.map(({ spec }) => spec.kind);

  it.each<[RevokeMethodId, RevokeMethodId, string]>([
    ['role-assignment', 'disable-version', 'set-version-enabled'],
    ['disable-version', 'role-assignment', 'create-role-assignment'],
  ])(
    'does not undo a permanent revoke by %s when it was itself by %s',
    async (permanent, temporary, step) => {
      const before = await revokeBy(permanent);
      const id = await revokeBy(temporary, 30);
      engine.clock.advance(31 * MINUTE);
      const restore = await restoredByTimer();
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(kinds(restore)).toEqual([step]);
      expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
        false,
      );
      expect(await engine.operations.get(id)).toMatchObject({
        undoneBy: restore.id,
        restoresAt: undefined,
      });
      expect((await engine.operations.get(before))?.undoneBy).toBeUndefined();
      // A person restores what is left.
      const whole = await engine.accept(SHOP, { kind: 'restore' });
      expect(await engine.runToEnd(whole.id)).toMatchObject({
        state: 'succeeded',
      });
      expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
        true,
      );
      expect((await engine.operations.get(before))?.undoneBy).toBe(whole.id);
    },
  );

  describe('of a registry that has rotated to another identity since', () => {
    const base = registryId('sharedbase', 'rg-platform');
    const reaches = (name: string) =>
      azure.emulator.state.registry(name).reach.reaches;
    /** Revokes the access of the registry, which rotates to another identity. @returns the id of the revoke */
    async function revokeAndRotate() {
      const [subscription] = base.split('/resourceGroups/');
      const other = `${subscription}/resourceGroups/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-ordersimages`;
      await asAdmin(azure.emulator).changeRegistry(base, {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [other]: {} },
        },
      });
      const { id } = await engine.accept(base, {
        kind: 'revoke',
        method: 'role-assignment',
        restoreAfterMinutes: 30,
      });
      expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
      const rotation = await engine.accept(base, {
        kind: 'rotate',
        key: { kind: 'current' },
        identity: azure.emulator.state.registry('ordersimages').identity,
        grantAccess: true,
      });
      expect(await engine.runToEnd(rotation.id)).toMatchObject({
        state: 'succeeded',
      });
      expect(reaches('sharedtools')).toBe(false);
      return id;
    }

    it('gives other registries their key back', async () => {
      const id = await revokeAndRotate();
      engine.clock.advance(31 * MINUTE);
      const restore = await restoredByTimer();
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(reaches('sharedtools')).toBe(true);
      expect((await engine.operations.get(id))?.undoneBy).toBe(restore.id);
    });

    it('gives it back to others, and leaves its own without what the new identity lacks', async () => {
      const id = await revokeAndRotate();
      await asAdmin(azure.emulator).removeRoles('id-ordersimages');
      engine.clock.advance(31 * MINUTE);
      const restore = await restoredByTimer();
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect((await engine.operations.get(id))?.undoneBy).toBe(restore.id);
      expect(reaches('sharedtools')).toBe(true);
      expect(reaches('sharedbase')).toBe(false);
      const whole = await engine.accept(base, { kind: 'restore' });
      expect(await engine.runToEnd(whole.id)).toMatchObject({
        state: 'succeeded',
      });
      expect(reaches('sharedbase')).toBe(true);
    });
  });

  it('ends in its time when a later revoke is permanent, and leaves that one alone', async () => {
    const id = await revokeBy('role-assignment', 30);
    const later = await revokeBy('disable-version');
    engine.clock.advance(31 * MINUTE);
    const restore = await restoredByTimer();
    expect(kinds(restore)).toEqual(['create-role-assignment']);
    expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
      false,
    );
    expect((await engine.operations.get(id))?.undoneBy).toBe(restore.id);
    expect((await engine.operations.get(later))?.undoneBy).toBeUndefined();
  });

  it.each(OF_EVERY_VERSION)(
    'gives back nothing that a later, permanent %s stands for',
    async method => {
      const id = await revokeBy('disable-version', 30);
      const later = await revokeBy(method);
      engine.clock.advance(31 * MINUTE);
      await sweep();
      expect(await restores()).toEqual([]);
      expect(await engine.operations.get(id)).toMatchObject({
        undoneBy: undefined,
        restoresAt: undefined,
      });
      expect(await engine.audit.list({})).toContainEqual(
        expect.objectContaining({
          event: 'restore-timer',
          operationId: id,
          details: expect.objectContaining({
            message: expect.stringContaining(
              `revoke ${later} removed the same access`,
            ),
          }),
        }),
      );
      expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
        false,
      );
      // A person restores both.
      const whole = await engine.accept(SHOP, { kind: 'restore' });
      await engine.runToEnd(whole.id);
      expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
        true,
      );
      for (const each of [id, later]) {
        expect((await engine.operations.get(each))?.undoneBy).toBe(whole.id);
      }
    },
  );

  it.each(OF_EVERY_VERSION)(
    'waits for a later %s that ends by itself',
    async method => {
      const id = await revokeBy('disable-version', 30);
      const later = await revokeBy(method, 60);
      engine.clock.advance(31 * MINUTE);
      await sweep();
      expect(await restores()).toEqual([]);
      engine.clock.advance(31 * MINUTE);
      expect(await restoredByTimer()).toMatchObject({ state: 'succeeded' });
      expect((await engine.operations.get(later))?.undoneBy).toBeDefined();
      engine.clock.advance(12 * MINUTE);
      expect(await restoredByTimer()).toMatchObject({ state: 'succeeded' });
      expect((await engine.operations.get(id))?.undoneBy).toBeDefined();
      expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
        true,
      );
    },
  );

  it('gives back nothing that was taken away outside of the portal', async () => {
    const id = await revokeBy('disable-version', 30);
    await asAdmin(azure.emulator).removeRoles('id-shopimages');
    engine.clock.advance(31 * MINUTE);
    const restore = await restoredByTimer();
    expect(kinds(restore)).toEqual(['set-version-enabled']);
    expect(restore.plan.checks).toContainEqual(
      expect.objectContaining({ id: 'stays-revoked', status: 'warn' }),
    );
    expect(
      azure.emulator.state.assignments(
        azure.emulator.state.principalId('id-shopimages'),
      ),
    ).toEqual([]);
    expect((await engine.operations.get(id))?.undoneBy).toBe(restore.id);
  });

  it('waits while the key is deleted by a later revoke, whose restore gives back everything', async () => {
    const id = await revokeBy('disable-version', 30);
    await revokeBy('delete-key');
    engine.clock.advance(31 * MINUTE);
    await sweep();
    expect(await restores()).toEqual([]);
    expect((await engine.operations.get(id))?.restoresAt).toBeGreaterThan(
      await engine.clock.now(),
    );
    const whole = await engine.accept(SHOP, { kind: 'restore' });
    await engine.runToEnd(whole.id);
    expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
      true,
    );
    expect(await engine.operations.get(id)).toMatchObject({
      undoneBy: whole.id,
      restoresAt: undefined,
    });
  });

  it('tries again when its restore has failed', async () => {
    await revoke();
    engine.clock.advance(31 * MINUTE);
    await sweep();
    azure.emulator.faults.add({
      method: 'PUT',
      times: 0,
      status: 400,
      code: 'Broken',
    });
    const [first] = await restores();
    expect(await engine.runToEnd(first.id)).toMatchObject({ state: 'failed' });
    azure.emulator.faults.clear();
    engine.clock.advance(11 * MINUTE);
    await sweep();
    const second = (await restores()).find(({ id }) => id !== first.id)!;
    expect(await engine.runToEnd(second.id)).toMatchObject({
      state: 'succeeded',
    });
    engine.clock.advance(60 * MINUTE);
    await sweep();
    expect(await restores()).toHaveLength(2);
  });

  it('is restored within half a minute of its time although its registry could not be read then', async () => {
    const { restoresAt } = await revoke();
    azure.emulator.faults.add({
      method: 'GET',
      path: '*/registries/shopimages',
      times: 1,
      status: 404,
      code: 'ResourceNotFound',
    });
    const stopped = new AbortController();
    const sleep = async (ms: number) => {
      engine.clock.advance(ms);
      if ((await restores()).length > 0) stopped.abort();
      if ((await engine.clock.now()) > restoresAt! + MINUTE) stopped.abort();
    };
    await new DueLoop(timers[0], mockServices.logger.mock()).run(
      sleep,
      stopped.signal,
    );
    const records = await engine.audit.list({});
    expect(records).toContainEqual(
      expect.objectContaining({
        event: 'restore-timer',
        details: expect.not.objectContaining({
          restoreId: expect.anything(),
        }),
      }),
    );
    expect((await restores())[0].createdAt).toBeLessThan(restoresAt! + 30_000);
  });

  it('is tried four times a minute while its registry cannot be read, and recorded once', async () => {
    const { id } = await revoke();
    azure.emulator.faults.add({
      method: 'GET',
      path: '*/registries/shopimages',
      times: 0,
      status: 404,
      code: 'ResourceNotFound',
    });
    for (const minutes of [31, 2, 2]) {
      engine.clock.advance(minutes * MINUTE);
      await sweep();
      const { restoresAt } = (await engine.operations.get(id))!;
      const waitMs = restoresAt! - (await engine.clock.now());
      expect(Math.round(waitMs / 1000)).toBe(15);
    }
    const records = await engine.audit.list({});
    expect(
      records.filter(({ event }) => event === 'restore-timer'),
    ).toHaveLength(1);
    azure.emulator.faults.clear();
    engine.clock.advance(2 * MINUTE);
    expect(await restoredByTimer()).toMatchObject({ state: 'succeeded' });
  });

  const confirm = (id: string) =>
    approvals.confirm(id, { actor: 'user:default/second', reason: 'Keep it' });

  it('is cancelled with its restore, which has written nothing, when somebody confirms', async () => {
    const { id } = await revoke();
    engine.clock.advance(31 * MINUTE);
    await sweep();
    const [restore] = await restores();
    await confirm(id);
    expect(await engine.runToEnd(restore.id)).toMatchObject({
      state: 'cancelled',
    });
    expect(azure.emulator.state.registry('shopimages').reach.reaches).toBe(
      false,
    );
    expect(await engine.audit.list({})).toContainEqual(
      expect.objectContaining({
        event: 'operation-cancelled',
        actor: 'user:default/second',
        operationId: restore.id,
      }),
    );
  });

  it('is not confirmed once its restore has written to Azure', async () => {
    const { id } = await revoke();
    engine.clock.advance(31 * MINUTE);
    await sweep();
    const [restore] = await restores();
    let refusal: unknown;
    const boundaries = new Boundaries(async () => {
      const { steps } = (await engine.operations.get(restore.id))!;
      if (refusal || steps.every(({ attempts }) => attempts === 0)) return;
      refusal = await confirm(id).catch((error: unknown) => error);
    });
    expect(await engine.runToEnd(restore.id, { boundaries })).toMatchObject({
      state: 'succeeded',
    });
    expect(refusal).toMatchObject({
      message: expect.stringContaining(
        `operation ${restore.id} is restoring it, and cannot be cancelled`,
      ),
    });
    const { confirmedBy, undoneBy } = (await engine.operations.get(id))!;
    expect({ confirmedBy, undoneBy }).toEqual({
      confirmedBy: undefined,
      undoneBy: restore.id,
    });
  });

  it('is not confirmed once its restore has given something back, however that ended', async () => {
    const { id } = await revoke();
    engine.clock.advance(31 * MINUTE);
    await sweep();
    const [restore] = await restores();
    await engine.runToEnd(restore.id);
    // As if the registry had hung in an update.
    await engine.db('operations').where({ id: restore.id }).update({
      state: 'unverified',
    });
    await engine
      .db('operations')
      .where({ id })
      .update({
        undone_by: null,
        restores_at: (await engine.clock.now()) + MINUTE,
      });
    await expect(confirm(id)).rejects.toThrow(
      `operation ${restore.id} has given back what it took, or a part of that`,
    );
    expect((await engine.operations.get(id))?.confirmedBy).toBeUndefined();
  });

  it('restores nothing when somebody confirms while it prepares', async () => {
    const { id } = await revoke();
    engine.clock.advance(31 * MINUTE);
    const make = engine.planMaker.make.bind(engine.planMaker);
    jest.spyOn(engine.planMaker, 'make').mockImplementation(async (...args) => {
      const made = await make(...args);
      await approvals
        .confirm(id, { actor: 'user:default/priya', reason: 'Keep it' })
        .catch(() => undefined);
      return made;
    });
    await sweep();
    expect(await restores()).toEqual([]);
    expect(await engine.operations.get(id)).toMatchObject({
      confirmedBy: 'user:default/priya',
    });
  });

  it('does not begin again when somebody confirms while its sweep is refused', async () => {
    const { id } = await revoke();
    engine.clock.advance(31 * MINUTE);
    jest.spyOn(engine.planService, 'prepare').mockImplementation(async () => {
      await confirm(id);
      throw new ActionRefused('restore', 'Nothing proves it');
    });
    await sweep();
    const { confirmedBy, restoresAt } = (await engine.operations.get(id))!;
    expect(confirmedBy).toBe('user:default/second');
    expect(restoresAt).toBeUndefined();
  });

  it('is not restored while the gate refuses it, and its record says why', async () => {
    const { id } = await revoke();
    const isOverdue = async () =>
      isRestoreOverdue((await engine.operations.get(id))!);
    expect(await isOverdue()).toBe(false);
    const prepare = jest
      .spyOn(engine.planService, 'prepare')
      .mockRejectedValue(new ActionRefused('restore', 'Nothing proves it'));
    engine.clock.advance(31 * MINUTE);
    await sweep();
    expect(prepare).toHaveBeenCalledWith(
      expect.objectContaining({
        intent: { kind: 'restore', operationId: id, onlyOperation: true },
      }),
      { kind: 'plugin', onBehalfOf: 'user:default/tester' },
    );
    expect(await restores()).toEqual([]);
    expect(await engine.audit.list({})).toContainEqual(
      expect.objectContaining({
        event: 'restore-timer',
        operationId: id,
        details: {
          message: 'Nothing proves it',
          onBehalfOf: 'user:default/tester',
        },
      }),
    );
    expect(await isOverdue()).toBe(true);
    prepare.mockRestore();
    engine.clock.advance(2 * MINUTE);
    await sweep();
    expect(await restores()).toHaveLength(1);
  });

  /** Actions that are offered to a person with every permission. */
  async function offersOf(id: string) {
    const permissions = mockServices.permissions({
      result: AuthorizeResult.ALLOW,
    });
    const reader = new OperationReader(
      { config: { approvers: new Map() } },
      {
        operations: engine.operations,
        catalog: {
          registriesOf: async entityRef => ({ entityRef, named: [] }),
          entitiesSeenBy: jest.fn(),
          entitiesBehind: async () => NOBODY.behind,
          entitiesInTags: async () => NOBODY.inTags,
          affected: async () => NOBODY,
        },
        mayRead: mayReadBy(permissions),
        permissionChecker: new PermissionChecker({ permissions }),
      },
    );
    const { actions } = await reader.operation(
      id,
      mockCredentials.user('user:default/tester'),
    );
    return actions.map(({ action }) => action);
  }

  it('cannot be taken out of a revoke before it has begun', async () => {
    const { id } = await engine.accept(SHOP, {
      kind: 'revoke',
      restoreAfterMinutes: 30,
    });
    expect(await offersOf(id)).toEqual(['cancel']);
    await expect(
      approvals.confirm(id, { actor: 'user:default/tester', reason: 'Mine' }),
    ).rejects.toThrow('no timer');
  });

  it('can be stopped once the revoke begins, as its readers see', async () => {
    const { id } = await engine.accept(SHOP, {
      kind: 'revoke',
      restoreAfterMinutes: 30,
    });
    const offered: string[][] = [];
    const boundaries = new Boundaries(async () => {
      const { startedAt, endedAt, confirmedBy } =
        (await engine.operations.get(id))!;
      if (startedAt === undefined || endedAt !== undefined) return;
      offered.push(await offersOf(id));
      if (confirmedBy !== undefined) return;
      await approvals.confirm(id, {
        actor: 'user:default/tester',
        reason: 'It has leaked',
      });
      offered.push(await offersOf(id));
    });
    expect(await engine.runToEnd(id, { boundaries })).toMatchObject({
      state: 'succeeded',
      confirmedBy: 'user:default/tester',
      restoresAt: undefined,
    });
    expect(offered[0]).toContain('confirm');
    expect(offered.slice(1).flat()).not.toContain('confirm');
    expect(await offersOf(id)).toEqual([]);
  });

  it('is offered to be stopped after the revoke, too, until somebody does', async () => {
    const { id } = await revoke();
    expect(await offersOf(id)).toEqual(['confirm']);
    await approvals.confirm(id, {
      actor: 'user:default/tester',
      reason: 'It has leaked',
    });
    expect(await offersOf(id)).toEqual([]);
  });
});
