/** Campaigns over the engine by itself: real tables, the emulated Azure, and runners that a test turns. */
import { randomUUID } from 'node:crypto';
import type { Emulator } from 'azure-emulator';
import {
  type CampaignIntent,
  type CampaignStrategy,
  type Intent,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { SUBSCRIPTION } from '../../../__testUtils__/demoWorld';
import type { Boundaries } from '../../../__testUtils__/Boundaries';
import {
  type Engine,
  type EngineParts,
  type EngineScope,
  silentLogger,
  startEngine,
} from '../../../__testUtils__/engine';
import type { AzurePorts } from '../../../azure/ports';
import { changeOf } from '../../../domain/plan/change';
import { ApprovalStore } from '../../../engine/ApprovalStore';
import type { StoredNeed } from '../../../engine/types';
import { CampaignRunner } from '../CampaignRunner';
import { CampaignStore } from '../CampaignStore';
import { holdMembers } from '../holdMembers';
import { secondsOf, stagesOf } from '../stages';
import type { CampaignRecord, MemberRecord, NewMember } from '../types';
import { type CampaignCalendar, nextOpenAt } from '../windows';
import type { Mortal } from './Mortal';

export const MINUTE_MS = 60_000;
export const OLIVIA = 'user:default/olivia';

/** World of the emulator, in which these registries are pinned to a version of a key of their own. */
export const WORLD = 'fleet:45';
export const PINNED = [
  'basalt00011',
  'fjord00013',
  'fjord00018',
  'harbor00022',
  'krill00021',
  'fjord00023',
  'basalt00027',
  'maple00033',
  'amber00035',
  'umber00037',
] as const;
/** Two that are pinned to the same version of one key. */
export const SHARING = ['fjord00039', 'vale00032'] as const;

/** Resource groups have twenty registries each. */
const groupOf = (name: string) =>
  `rg-${String(20 * Math.floor(Number(name.slice(-5)) / 20)).padStart(5, '0')}`;

export const idOf = (name: string) =>
  RegistryId.parse(
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/${groupOf(
      name,
    )}/providers/Microsoft.ContainerRegistry/registries/${name}`,
  );

/** Patches of registries in Azure's log, by name. */
export function patchesIn(emulator: Emulator): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of emulator.requests()) {
    const [, name] = /\/registries\/([^/?]+)(\?|$)/i.exec(path) ?? [];
    if (method !== 'PATCH' || !name) continue;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Registries that are pinned to the newest version of a key of their own, and where they are. */
export const pinnedIn = ({
  state,
}: Emulator): { name: string; vault: string }[] =>
  state.registries().flatMap(name => {
    const { keyIdentifier, versionInUse, reach } = state.registry(name);
    const key = KeyIdentifier.tryParse(keyIdentifier);
    if (!key?.version || key.keyName !== name || !reach.reaches) return [];
    const { latest } = state.key(key.vaultName, key.keyName);
    return versionInUse === latest ? [{ name, vault: key.vaultName }] : [];
  });

export const each = (names: readonly string[], state: string) =>
  Object.fromEntries(names.map(name => [name, state]));
/** Writes of registries that were each written once. */
export const once = (names: readonly string[]) =>
  Object.fromEntries(names.map(name => [name, 1]));

interface NewCampaign {
  /** Names of registries. Those whose plan is blocked are left out. */
  members: readonly string[];
  /** Number of members. Default: all. */
  atMost?: number;
  strategy?: Partial<CampaignStrategy>;
  /** Needs of members, by name. */
  needs?: Record<string, StoredNeed[]>;
}

/** The part of a runner that `drive` uses. */
type DrivenRunner = Pick<CampaignRunner, 'wake' | 'sweep' | 'operationChanged'>;

/** Methods of a runner's parts that write, each with a boundary after it. */
export const RUNNER_WRITES = {
  // Those of its methods that begin and end a transaction.
  store: ['inTransaction', 'setDue'],
  acceptances: ['accept'],
} as const;

/** Names of all boundaries of a runner. */
export const RUNNER_BOUNDARIES = Object.entries(RUNNER_WRITES).flatMap(
  ([label, names]) => names.map(name => `after ${label}.${name}`),
);

export interface CampaignWorld {
  engine: Engine;
  store: CampaignStore;
  calendar: {
    windows: CampaignCalendar['windows'];
    freezes: CampaignCalendar['freezes'];
  };
  /** Intents that a second person has to approve. */
  approvals: Set<Intent['kind']>;
  /** Another replica, or the next process; with a boundary after each of its calls that has written something. */
  runner(boundaries?: Boundaries): CampaignRunner;
  /** A process of its own that dies at some of these boundaries. Everything that it knows is lost with it. */
  mortalRunner(mortal: Mortal, boundaries: Boundaries): DrivenRunner;
  create(of: NewCampaign): Promise<string>;
  campaign(id: string): Promise<CampaignRecord>;
  members(id: string): Promise<MemberRecord[]>;
  /** States of members, by name. */
  states(id: string): Promise<Record<string, string>>;
  /** Turns runner and worker until the campaign has ended, or waits for a person or a far time. */
  drive(id: string, runner?: DrivenRunner): Promise<CampaignRecord>;
  /** Patches of registries in Azure's log, by name. */
  patches(): Record<string, number>;
  stop(): Promise<void>;
}

const INTENT: CampaignIntent = { kind: 'automatic-mode' };
const AUTOMATIC = {
  kind: 'rotate',
  key: { kind: 'current', mode: 'automatic' },
} as const;

/** Longest time that `drive` waits for. */
const PATIENCE_MS = 5 * MINUTE_MS;

export async function startCampaignWorld(options: {
  ports: AzurePorts;
  emulator: Emulator;
  db?: Knex;
  /** Default: that of `startEngine`. */
  scope?: EngineScope;
  /** Seconds that pass between two turns of a worker. Default: that of `startEngine`. */
  turnSeconds?: number;
}): Promise<CampaignWorld> {
  const { ports, emulator } = options;
  const engine = await startEngine(
    ports,
    options.db,
    emulator,
    options.turnSeconds,
    options.scope,
  );
  const { db, clock } = engine;
  const store = new CampaignStore({ db });
  const calendar: CampaignWorld['calendar'] = { windows: [], freezes: [] };
  const approvals: CampaignWorld['approvals'] = new Set();
  engine.deps.awaitsApprovalUntil = now => nextOpenAt(calendar, now);
  let statements = 0;
  db.on('query', ({ sql }: { sql: string }) => {
    if (/^\s*(insert|update|delete)/i.test(sql)) statements += 1;
  });
  const runnerOf = (
    parts: Pick<EngineParts, 'plans' | 'acceptances' | 'audit'>,
    { boundaries, mortal }: { boundaries?: Boundaries; mortal?: Mortal },
  ) => {
    if (boundaries) boundaries.writes = () => statements;
    const at = <T extends object>(
      target: T,
      label: keyof typeof RUNNER_WRITES,
    ) => {
      const around = boundaries
        ? boundaries.around(target, label, RUNNER_WRITES[label])
        : target;
      return mortal ? mortal.withDatabase(around) : around;
    };
    const bounded = at(store, 'store');
    const acceptances = at(parts.acceptances, 'acceptances');
    return new CampaignRunner(
      {
        audit: parts.audit,
        clock,
        config: { campaigns: calendar },
        backends: {
          strictestApprovals: async () => ({ approvals, sharedKeys: 'ask' }),
        },
        limits: { approvalExpiresAfterMs: 60 * MINUTE_MS },
        logger: silentLogger,
      },
      {
        store: bounded,
        holdMembers: campaign =>
          holdMembers(campaign, {
            store: bounded,
            plans: parts.plans,
            acceptances,
          }),
        approvals: new ApprovalStore({ db, clock, audit: parts.audit }),
        released: () => undefined,
        changed: () => undefined,
      },
    );
  };
  const runner = (boundaries?: Boundaries) => runnerOf(engine, { boundaries });

  async function memberOf(
    name: string,
    position: number,
    needs: StoredNeed[] = [],
  ): Promise<NewMember | undefined> {
    const registryId = RegistryId.parse(emulator.state.registry(name).id);
    const change = changeOf({
      entityRef: 'resource:default/under-test',
      registryId: registryId.toString(),
      intent: AUTOMATIC,
    });
    const { plan, steps } = await engine.planService.prepare(change, {
      kind: 'plugin',
      onBehalfOf: OLIVIA,
    });
    if (plan.blocked) return undefined;
    return {
      position,
      name,
      registryId,
      subscriptionId: registryId.subscriptionId,
      entityRef: change.entityRef,
      registries: [registryId],
      outcome: 'change',
      plan: {
        planId: plan.id,
        hash: plan.hash,
        authorities: [],
        writes: 1,
        seconds: secondsOf(steps),
      },
      needs,
      before: 'Manual',
      after: 'Automatic',
    };
  }

  const world: CampaignWorld = {
    engine,
    store,
    calendar,
    approvals,
    runner,
    mortalRunner(mortal, boundaries) {
      const parts = engine.process(mortal.withAzure(ports));
      const inner = runnerOf(parts, { boundaries, mortal });
      return {
        wake: id => inner.wake(id),
        sweep: () => mortal.run(inner.sweep()),
        operationChanged: changed => inner.operationChanged(changed),
      };
    },
    async create({ members: names, atMost, strategy = {}, needs = {} }) {
      const id = randomUUID();
      const members: NewMember[] = [];
      for (const name of names) {
        if (members.length === atMost) break;
        const position = members.length + 1;
        const member = await memberOf(name, position, needs[name]);
        if (member) members.push(member);
      }
      const staged = stagesOf(members, {
        concurrency: 5,
        stages: [{}],
        ...strategy,
      });
      const stageOf = (position: number) =>
        1 + staged.positions.findIndex(of => of.includes(position));
      const now = await clock.now();
      await store.inTransaction(trx =>
        store.create(
          trx,
          {
            id,
            state: 'running',
            intent: INTENT,
            selection: { registryIds: [] },
            requestedBy: OLIVIA,
            reason: 'They never follow',
            strategy: staged.strategy,
            hash: 'a'.repeat(64),
            stage: 0,
            createdAt: now,
            startedAt: now,
            dueAt: now,
          },
          members.map(member => ({
            ...member,
            stage: needs[member.name] && stageOf(member.position),
          })),
        ),
      );
      // The runner makes the operations of the others.
      await holdMembers(await world.campaign(id), { store, ...engine });
      for (const { position, name, operationId: of } of await store.members(
        id,
      )) {
        if (!needs[name]) {
          await store.assignStage(db, id, {
            stage: stageOf(position),
            positions: [position],
          });
          continue;
        }
        const isMet = needs[name].every(({ by }) => by !== undefined);
        await db('operations')
          .where({ id: of })
          .update({
            needs: JSON.stringify(needs[name]),
            approval: isMet ? 'approved' : 'pending',
          });
        await db('campaign_members')
          .where({ campaign_id: id, position })
          .update({ needs: JSON.stringify(needs[name]) });
      }
      return id;
    },
    async campaign(id) {
      return (await store.get(id))!;
    },
    members: id => store.members(id),
    async states(id) {
      return Object.fromEntries(
        (await store.members(id)).map(({ name, state }) => [name, state]),
      );
    },
    async drive(id, one = runner()) {
      for (let turn = 0; turn < 300; turn++) {
        await one.sweep();
        const campaign = await world.campaign(id);
        if (campaign.endedAt !== undefined) return campaign;
        const running = (
          await store.members(id, { states: ['running', 'proving'] })
        ).flatMap(({ operationId }) => operationId ?? []);
        for (const operationId of running) {
          await engine.runToEnd(operationId);
          one.operationChanged({ campaignId: id });
        }
        if (running.length > 0) continue;
        // An approval whose time is over.
        if (await engine.work()) {
          one.operationChanged({ campaignId: id });
          continue;
        }
        const now = await clock.now();
        const due = (await world.campaign(id)).dueAt;
        if (due === undefined || due > now + PATIENCE_MS) {
          return world.campaign(id);
        }
        clock.advance(Math.max(0, due - now));
        emulator.clock.advance(Math.max(0, due - now));
      }
      throw new Error(
        `It does not end: ${JSON.stringify(await world.states(id))}`,
      );
    },
    patches: () => patchesIn(emulator),
    stop: () => engine.stop(),
  };
  return world;
}
