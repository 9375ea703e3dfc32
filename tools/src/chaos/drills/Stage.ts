import { setTimeout as delay } from 'node:timers/promises';
import type { FaultSpec } from 'azure-emulator';
import type { Intent, Plan } from 'backstage-plugin-acr-cmk-common';
import { Campaigner } from '../client/Campaigner';
import type { Client } from '../client/Client';
import type { History, Order } from '../client/History';
import type { Timer } from '../evidence';
import { TERMINAL } from '../invariants/invariant';
import type { AzureState } from '../world/azureState';
import type { Backend } from '../world/Backend';
import { deadline } from '../world/deadline';
import { Outsider } from '../world/Outsider';
import { type DrillRegistry, newTarget, otherThan } from '../world/people';
import type { World } from '../world/World';

/** Between two looks. Milliseconds. */
const LOOK_MS = 200;
/** Longest wait for anything, on a busy machine. Milliseconds. */
const LONGEST_MS = 300_000;
/** Tries of a plan that is blocked, or was not answered, and the delay between two. */
const PLANS = 20;
const BETWEEN_PLANS_MS = 2000;

/** A row of `operations`, as far as drills read it. */
export interface Row {
  id: string;
  state: string;
  lease_owner: string | null;
  undone_by: string | null;
  pulls: string | null;
  outputs: string;
  plan: string;
}

/** Means of the drills: requests of people, looks into the database, and changes from outside. */
export class Stage {
  readonly world: World;
  readonly outsider: Outsider;
  readonly campaigner: Campaigner;
  readonly timers: Timer[] = [];
  /** Backends that are frozen or ended by a drill. */
  readonly away = new Set<Backend>();
  readonly #client: Client;
  readonly #history: History;
  readonly #before: AzureState;
  #requests = 0;

  constructor(options: {
    world: World;
    client: Client;
    history: History;
    before: AzureState;
  }) {
    this.world = options.world;
    this.outsider = new Outsider(options.world.azure);
    this.#client = options.client;
    this.#history = options.history;
    this.#before = options.before;
    this.campaigner = new Campaigner({
      history: options.history,
      backend: () => this.backend,
    });
  }

  /** Aborts when anything has been waited for in vain. */
  over(): AbortSignal {
    return deadline(LONGEST_MS);
  }

  /** The version of a registry's key that it did not use at first. */
  olderVersionOf(registry: DrillRegistry): string {
    const { keyIdentifier, versionInUse } = this.#before.registries[registry];
    const key = keyIdentifier!.replace(/\/[0-9a-f]{32}$/, '');
    return this.#before.keys[key].versions.find(
      ({ version }) => version !== versionInUse,
    )!.version;
  }

  /** A backend that answers. */
  get backend(): Backend {
    this.#requests += 1;
    const { backends } = this.world;
    const there = backends.filter(each => !this.away.has(each));
    const choice = there.length > 0 ? there : backends;
    return choice[this.#requests % choice.length];
  }

  /** Plans and accepts, as olivia. @returns the operation */
  async request(registry: DrillRegistry, intent: Intent): Promise<string> {
    const target = newTarget(registry);
    const plan = await this.#plan(registry, intent);
    const order: Order = {
      idempotencyKey: `chaos-drill-${registry}-${plan.id}`,
      person: 'olivia',
      target,
      intent: plan.intent,
      planId: plan.id,
      planHash: plan.hash,
      reason: 'A drill',
      confirmation: plan.confirmation.typedName ?? undefined,
      attempts: [],
    };
    this.#history.orders.push(order);
    return this.until(`the acceptance of a ${intent.kind}`, async () => {
      const answer = await this.#client.accept(order, this.backend);
      if (answer.kind === 'refused') throw new Error(answer.message);
      return answer.kind === 'accepted' ? answer.operationId : undefined;
    });
  }

  async #plan(registry: DrillRegistry, intent: Intent): Promise<Plan> {
    const { entityRef, registryId } = newTarget(registry);
    for (let left = PLANS; ; left--) {
      let why;
      try {
        const plan = await this.backend
          .as('olivia')
          .plan({ entityRef, registryId, intent });
        if (!plan.blocked) return plan;
        why = plan.checks
          .filter(({ status }) => status === 'fail')
          .map(({ message }) => message)
          .join(' ');
      } catch (error) {
        why = (error as Error).message;
      }
      if (left <= 1) throw new Error(`no plan to ${intent.kind}: ${why}`);
      await delay(BETWEEN_PLANS_MS);
    }
  }

  async row(id: string): Promise<Row> {
    const [row] = await this.world.database.db('operations').where({ id });
    return row;
  }

  /** Decides about an operation that waits for an approval, and repeats what was not answered. */
  async decide(id: string, decision: 'approve' | 'reject'): Promise<void> {
    await this.#whileItWaits(id, async ({ plan }) => {
      await this.#client.decide(
        { operationId: id, planHash: JSON.parse(plan).hash },
        decision,
        { by: otherThan('olivia'), backend: this.backend },
      );
    });
  }

  /** Cancels an operation that waits for an approval. */
  async cancel(id: string): Promise<void> {
    await this.#whileItWaits(id, async () => {
      await this.backend
        .as('olivia')
        .cancel(id, 'No longer wanted')
        // It may have landed without an answer.
        .catch(() => undefined);
    });
  }

  #whileItWaits(
    id: string,
    decide: (row: Row) => Promise<void>,
  ): Promise<true> {
    return this.until(`a decision about ${id}`, async () => {
      const row = await this.row(id);
      if (row.state !== 'awaiting-approval') return true;
      await decide(row);
      return undefined;
    });
  }

  /** Waits for the end of an operation, which is approved where that is needed. */
  ended(id: string): Promise<Row> {
    return this.until(`the end of operation ${id}`, async () => {
      const row = await this.#approved(id);
      return TERMINAL.includes(row.state) ? row : undefined;
    });
  }

  async #approved(id: string): Promise<Row> {
    const row = await this.row(id);
    if (row.state !== 'awaiting-approval') return row;
    await this.decide(id, 'approve');
    return this.row(id);
  }

  /** Requests an operation and waits for its success. */
  async carryOut(registry: DrillRegistry, intent: Intent): Promise<string> {
    const id = await this.request(registry, intent);
    const { state } = await this.ended(id);
    if (state !== 'succeeded') {
      throw new Error(`the ${intent.kind} ${id} is ${state}`);
    }
    return id;
  }

  /** Waits for a step's write to be announced, once the operation is approved where that is needed. @returns the backend that holds the operation */
  writing(id: string, kind: string): Promise<Backend> {
    return this.until(`the write ${kind} of operation ${id}`, async () => {
      const { lease_owner: owner } = await this.#approved(id);
      const { db } = this.world.database;
      const [step] = await db('operation_steps')
        .where({ operation_id: id })
        .where('attempts', '>', 0)
        .whereLike('spec', `%"kind":"${kind}"%`)
        .select('position');
      if (!step) return undefined;
      return this.world.backends.find(({ process }) =>
        owner?.endsWith(`:${process.pid}`),
      );
    });
  }

  /** Logs which tasks run, and when the others do. */
  async noteTasks(): Promise<void> {
    const rows = await this.world.database
      .db('backstage_backend_tasks__tasks')
      .select('id', 'current_run_ticket', 'current_run_started_at')
      .select('current_run_expires_at', 'next_run_start_at');
    for (const row of rows) this.world.note(JSON.stringify(row));
  }

  fault(fault: FaultSpec): Promise<void> {
    return this.world.azure.addFault(fault);
  }

  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const since = performance.now();
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() - since > LONGEST_MS) {
        throw new Error(`${what} was waited for in vain`);
      }
      await delay(LOOK_MS);
    }
  }
}
