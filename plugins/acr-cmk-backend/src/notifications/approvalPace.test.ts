import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { NOW } from '../__testUtils__/encryptedRegistries';
import { AuditLog, type AuditEvent } from '../audit/AuditLog';
import type { OperationRecord } from '../operations/engine/types';
import {
  MINUTE_MS,
  PortalNotifications,
  startNotifier,
} from './__testUtils__/notifierWorld';
import { operationWith } from './__testUtils__/operations';
import { MOST_ANNOUNCED, PER_MS } from './approvalPace';

jest.setTimeout(60_000);

const OLIVIA = 'user:default/olivia';
const DANIEL = 'user:default/daniel';
const needs = [
  {
    permission: 'acr-cmk.key.rotate',
    entityRef: 'resource:default/walled',
    because: 'the registry walled uses this key',
  },
];

describe.each(testDatabases({ fast: 'SQLite' }))(
  'requests for approval, on $name',
  database => {
    let db: Knex;
    let portal: PortalNotifications;
    let now: number;
    let operations: OperationRecord[];
    const notifier = () =>
      startNotifier({ db, portal, now: () => now, operations });
    beforeEach(async () => {
      db = await database.open();
      portal = new PortalNotifications();
      now = NOW;
      operations = [];
      await notifier().notifyAtOnce();
    });
    afterEach(() => db.destroy());

    const passes = async (ms: number) => {
      now += ms;
      await notifier().notifyAtOnce();
    };
    const record = async (event: AuditEvent, id: string) => {
      await new AuditLog({ db, clock: { now: async () => now } }).record({
        event,
        actor: OLIVIA,
        operationId: id,
        details: {},
      });
      await notifier().notifyAtOnce();
    };
    const ask = async (
      id: string,
      {
        requestedBy = OLIVIA,
        intent = { kind: 'rotate' },
      }: Partial<Pick<OperationRecord, 'requestedBy' | 'intent'>> = {},
    ) => {
      operations.push({
        ...operationWith({
          id,
          state: 'awaiting-approval',
          intent,
          needs,
          registry: `registry${id}`,
        }),
        requestedBy,
      });
      await record('operation-accepted', id);
    };
    const end = async (
      id: string,
      event: AuditEvent,
      state: OperationRecord['state'],
    ) => {
      const at = operations.findIndex(one => one.id === id);
      operations[at] = { ...operations[at], state };
      await record(event, id);
    };
    const cancel = (id: string) => end(id, 'operation-cancelled', 'cancelled');
    const announced = () =>
      portal
        .to('resource:default/walled')
        .map(({ title }) => title.replace(/^.* of registry/, ''));

    it('are announced a few times only to others, when somebody asks and cancels over and over', async () => {
      for (let turn = 0; turn < 30; turn++) {
        await ask(`one${turn}`);
        await cancel(`one${turn}`);
        await passes(MINUTE_MS / 30);
      }
      expect(announced()).toHaveLength(MOST_ANNOUNCED);
      await passes(PER_MS);
      expect(announced()).toHaveLength(MOST_ANNOUNCED);
      expect(portal.calls).toBe(MOST_ANNOUNCED);
    });

    it('are all announced that stay, later where there were many, and at once after that', async () => {
      const names = Array.from({ length: 8 }, (_, at) => `name${at}`);
      for (const name of names) await ask(name);
      expect(announced()).toEqual(names.slice(0, MOST_ANNOUNCED));
      await passes(PER_MS - 1);
      expect(announced()).toHaveLength(MOST_ANNOUNCED);
      await passes(1);
      expect(announced().sort()).toEqual(names);
      await passes(PER_MS);
      await ask('later');
      expect(announced()).toContain('later');
    });

    it.each([
      ['cancelled', 'operation-cancelled', 'cancelled'],
      ['rejected', 'operation-rejected', 'rejected'],
      ['approved', 'operation-approved', 'queued'],
    ] as const)(
      'are not announced that were %s before it was their turn',
      async (_, event, state) => {
        for (let at = 0; at < MOST_ANNOUNCED; at++) await ask(`early${at}`);
        await ask('over');
        await ask('stays');
        await end('over', event, state);
        await passes(PER_MS);
        expect(announced()).toContain('stays');
        expect(announced()).not.toContain('over');
      },
    );

    it('of one person do not delay those of another', async () => {
      for (let at = 0; at < 2 * MOST_ANNOUNCED; at++) await ask(`hers${at}`);
      await ask('his', { requestedBy: DANIEL });
      expect(announced()).toContain('his');
    });

    it('for a revoke do not wait for those for something else', async () => {
      for (let at = 0; at < 2 * MOST_ANNOUNCED; at++) await ask(`any${at}`);
      const intent = { kind: 'revoke', method: 'disable-version' } as const;
      for (let at = 0; at < 2 * MOST_ANNOUNCED; at++) {
        await ask(`leak${at}`, { intent });
      }
      const revokes = announced().filter(name => name.startsWith('leak'));
      expect(revokes).toHaveLength(MOST_ANNOUNCED);
    });

    it('count when they were tried in vain, though nobody has to be asked any more', async () => {
      portal.isAway = true;
      for (let turn = 0; turn < 2 * MOST_ANNOUNCED; turn++) {
        await ask(`one${turn}`);
        await cancel(`one${turn}`);
      }
      expect(portal.calls).toBe(MOST_ANNOUNCED);
      portal.isAway = false;
      await passes(PER_MS);
      expect(announced()).toEqual([]);
    });

    it('are not delayed by those that could not be sent earlier', async () => {
      portal.isAway = true;
      for (let at = 0; at < MOST_ANNOUNCED; at++) await ask(`early${at}`);
      await passes(PER_MS);
      portal.isAway = false;
      await ask('later');
      expect(announced()).toContain('later');
    });
  },
);
