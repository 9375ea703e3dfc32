import { setTimeout as delay } from 'node:timers/promises';
import { answerOf } from './client/answers';
import type { Campaigner } from './client/Campaigner';
import type { Client } from './client/Client';
import { type History, isUnanswered } from './client/History';
import { inWords, isOpenMember, TERMINAL } from './invariants/invariant';
import { type OperationRow, readCampaigns, readOperations } from './evidence';
import { otherThan, type Person, type Target } from './world/people';
import type { World } from './world/World';

/** Between two looks at operations that have not ended. Milliseconds. */
const LOOK_MS = 1000;
/**
 * Time without an ended operation after which clocks are moved. Longer than a lease, so that operations of a
 * dead worker are taken over first.
 */
const STILL_MS = 40_000;
/** Number of checks between two moves of Azure's clock, so that registries follow their keys. */
const LOOKS_OF_AN_HOUR = 5;
/** Number of moves of the clock before a run stops waiting. */
const MOVES = 4;
/** Hours of one move. */
const MOVE_HOURS = 2;
/** Number of requests to restore a registry before it is given up. */
const RESTORES = 4;

/** Settles a run after its disturbances: no operation and no campaign may stay open. */
export class Settlement {
  readonly #world: World;
  readonly #client: Client;
  readonly #campaigner: Campaigner;
  readonly #history: History;
  #restores = 0;

  constructor(options: {
    world: World;
    client: Client;
    campaigner: Campaigner;
    history: History;
  }) {
    this.#world = options.world;
    this.#client = options.client;
    this.#campaigner = options.campaigner;
    this.#history = options.history;
  }

  /** Asks once more, with the same keys, for what was never answered. */
  async askAgain(): Promise<void> {
    const { backends } = this.#world;
    for (const order of this.#history.orders.filter(isUnanswered)) {
      for (let turn = 0; isUnanswered(order) && turn < 10; turn++) {
        await this.#client.accept(order, backends[turn % backends.length]);
        if (isUnanswered(order)) await delay(LOOK_MS);
      }
    }
  }

  /**
   * Waits until every operation has ended, and every campaign, which people bring to its end. What waits for an hour is not waited for: Azure's clock is
   * moved, and due times are brought near.
   *
   * @returns those that have not
   */
  async untilAllEnded(): Promise<OperationRow[]> {
    const { azure } = this.#world;
    let left = Infinity;
    let since = performance.now();
    for (let moves = 0, looks = 0; ; looks++) {
      // What is begun only now waits for its own hour.
      if (looks % LOOKS_OF_AN_HOUR === 0) {
        await azure.advanceClock(`PT${MOVE_HOURS}H`);
      }
      await this.#approveWaiting();
      await this.#makeDue();
      const open = (await readOperations(this.#world.database.db)).filter(
        ({ state }) => !TERMINAL.includes(state),
      );
      const members = await this.#tendCampaigns();
      const count = open.length + members.length;
      if (count === 0) return [];
      if (count < left) {
        left = count;
        since = performance.now();
        this.#world.note(
          `not ended yet: ${[...open.map(inWords), ...members].join(', ')}`,
        );
      }
      if (performance.now() - since > STILL_MS) {
        if (moves >= MOVES) return open;
        moves += 1;
        since = performance.now();
        await this.#letTimePass();
      }
      await delay(LOOK_MS);
    }
  }

  /** Does what open campaigns wait for. @returns their members that have not ended, in words */
  async #tendCampaigns(): Promise<string[]> {
    const campaigns = (await readCampaigns(this.#world.database.db)).filter(
      ({ state }) => state === 'running' || state === 'paused',
    );
    for (const { id } of campaigns) await this.#campaigner.tend(id);
    // One whose members have all ended has not ended itself.
    return campaigns.flatMap(({ id, members }) => [
      `campaign ${id}`,
      ...members
        .filter(isOpenMember)
        .map(({ registryName, state }) => `${registryName} (${state})`),
    ]);
  }

  /** Whatever can be restored is restored, as a person would after such a night. */
  async restoreAll(
    targets: readonly Target[],
  ): Promise<{ registry: string; why: string }[]> {
    const refused: { registry: string; why: string }[] = [];
    for (const target of targets) {
      const why = await this.#restoreOne(target);
      if (why) refused.push({ registry: target.registry, why });
    }
    return refused;
  }

  /** @returns why its last restore was refused. A refusal is not final: a timer may be restoring the registry. */
  async #restoreOne(target: Target): Promise<string | undefined> {
    let why: string | undefined;
    for (let turn = 0; turn < RESTORES; turn++) {
      const status = await this.#world.azure.pull(target.registry);
      if (status === 200) return undefined;
      why = await this.#restore(target);
      await this.untilAllEnded();
    }
    return why;
  }

  /** @returns why it was refused; nothing when it was accepted */
  async #restore(target: Target): Promise<string | undefined> {
    const person: Person = 'olivia';
    const [backend] = this.#world.backends;
    try {
      const { entityRef, registryId } = target;
      const plan = await backend.as(person).plan({
        entityRef,
        registryId,
        intent: { kind: 'restore' },
      });
      if (plan.blocked) {
        return plan.checks
          .filter(({ status }) => status === 'fail')
          .map(({ message }) => message)
          .join(' ');
      }
      this.#restores += 1;
      const order = {
        idempotencyKey: `chaos-settle-${this.#restores}`,
        person,
        target,
        intent: plan.intent,
        planId: plan.id,
        planHash: plan.hash,
        reason: 'Everything is to work again',
        confirmation: plan.confirmation.typedName ?? undefined,
        attempts: [],
      };
      this.#history.orders.push(order);
      const answer = await this.#client.accept(order, backend);
      return answer.kind === 'accepted' ? undefined : answer.message;
    } catch (error) {
      return answerOf(error).message;
    }
  }

  async #approveWaiting(): Promise<void> {
    const { database, backends } = this.#world;
    const rows = await database
      .db('operations')
      .where({ state: 'awaiting-approval' })
      .select('id', 'requested_by', 'plan');
    for (const row of rows) {
      const person = String(row.requested_by).split('/')[1] as Person;
      await this.#client.decide(
        { operationId: row.id, planHash: JSON.parse(row.plan).hash },
        'approve',
        { by: otherThan(person), backend: backends[0] },
      );
    }
  }

  /** Makes operations due that wait for a time. */
  async #makeDue(): Promise<void> {
    await this.#world.database
      .db('operations')
      .whereNotIn('state', ['awaiting-approval', ...TERMINAL])
      .whereNull('lease_until')
      .whereNotNull('due_at')
      .update({ due_at: 1000 });
  }

  /** Logs the open operations and the waits in the database, for a run that does not end. */
  async #noteWhatIsOpen(): Promise<void> {
    const { db } = this.#world.database;
    const operations = await db('operations')
      .whereNull('ended_at')
      .select(
        'id',
        'state',
        'waiting_for',
        'lease_owner',
        db.raw('lease_until - ? as lease_ms', [Date.now()]),
        db.raw('due_at - ? as due_ms', [Date.now()]),
      );
    const sessions = await this.#world.database.sessions();
    for (const row of [...operations, ...sessions]) {
      this.#world.note(JSON.stringify(row));
    }
  }

  /** Time passes for operations that get on with nothing: what they began was hours ago then. */
  async #letTimePass(): Promise<void> {
    const { azure, database } = this.#world;
    this.#world.note('time passes for what has not ended');
    await this.#noteWhatIsOpen();
    await azure.advanceClock(`PT${MOVE_HOURS}H`);
    const { db } = database;
    const back = MOVE_HOURS * 3_600_000;
    await db('operation_steps')
      .whereNotNull('started_at')
      .whereIn(
        'operation_id',
        db('operations').whereNull('ended_at').select('id'),
      )
      .update({ started_at: db.raw('started_at - ?', [back]) });
    // Registries that are kept for a revoke which was requested and did not begin.
    await db('revoke_claims').update({ until: db.raw('until - ?', [back]) });
    await this.#makeTroubleOld(back);
  }

  /** A refusal that may pass is borne for half an hour, which nobody waits for here. */
  async #makeTroubleOld(back: number): Promise<void> {
    const { db } = this.#world.database;
    const rows = await db('operation_steps')
      .join('operations', 'operations.id', 'operation_steps.operation_id')
      .whereNull('operations.ended_at')
      .whereNull('operations.lease_until')
      .select(
        'operation_steps.operation_id',
        'operation_steps.position',
        'operation_steps.checkpoint',
      );
    for (const { operation_id: id, position, checkpoint } of rows) {
      const state = JSON.parse(checkpoint ?? '{}');
      if (state.retryingSince === undefined) continue;
      state.retryingSince -= back;
      await db('operation_steps')
        // A worker that has written meanwhile knows better.
        .where({ operation_id: id, position, checkpoint })
        .update({ checkpoint: JSON.stringify(state) });
    }
  }
}
