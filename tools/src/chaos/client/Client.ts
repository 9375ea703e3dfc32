import { setTimeout as delay } from 'node:timers/promises';
import { isTerminal, type Plan } from 'backstage-plugin-acr-cmk-common';
import type { Random } from '../random';
import type { Backend } from '../world/Backend';
import { deadline } from '../world/deadline';
import { otherThan, type Person, VISITOR } from '../world/people';
import { answerOf } from './answers';
import { type Choice, chooseRequest } from './choices';
import {
  type Attempt,
  type History,
  isUnanswered,
  operationOf,
  type Order,
} from './History';
import { toIntent } from './toIntent';

/** Between two tries of something whose outcome is not known, and between two looks. Milliseconds. */
const AGAIN_MS = 700;

/** Waits, or less when the time is over. */
const pause = (ms: number, over: AbortSignal) =>
  delay(ms, undefined, { signal: over }).catch(() => undefined);

/**
 * People who use the portal over REST: they plan, accept, approve, cancel, repeat and watch, as the
 * seed says, and repeat with the same key whatever was not answered.
 */
export class Client {
  readonly #random: Random;
  readonly #backends: readonly Backend[];
  readonly #history: History;
  readonly #name: string;

  constructor(options: {
    random: Random;
    backends: readonly Backend[];
    history: History;
    /** Part of every idempotency key. */
    name: string;
  }) {
    this.#random = options.random;
    this.#backends = options.backends;
    this.#history = options.history;
    this.#name = options.name;
  }

  /** One thread of requests, one after the other, until the time is over. */
  async run(thread: number, over: AbortSignal): Promise<void> {
    const random = this.#random.fork(`client-${thread}`);
    for (let index = 0; !over.aborted; index++) {
      const choice = chooseRequest(random, thread, index);
      await pause(choice.pauseMs, over);
      const key = `${this.#name}-${thread}-${index}`;
      await this.#request(choice, key, over);
      if (!choice.then) continue;
      const following = {
        ...choice,
        intent: choice.then,
        cancelAfterMs: undefined,
      };
      await this.#request(following, `${key}-then`, over);
    }
  }

  async #request(choice: Choice, key: string, over: AbortSignal) {
    const plan = await this.#plan(choice, over);
    if (!plan || plan.blocked) {
      const [check] =
        plan?.checks.filter(({ status }) => status === 'fail') ?? [];
      if (plan) this.#history.count(`plans blocked by ${check?.id}`);
      return;
    }
    const order: Order = {
      idempotencyKey: key,
      person: choice.person,
      target: choice.target,
      intent: plan.intent,
      planId: plan.id,
      planHash: plan.hash,
      reason: `Request ${key}`,
      confirmation: plan.confirmation.typedName ?? undefined,
      attempts: [],
    };
    this.#history.orders.push(order);
    await Promise.all(
      (choice.twice ? [0, 1] : [0]).map(turn =>
        this.accept(order, this.#replica(choice, turn)),
      ),
    );
    while (isUnanswered(order) && !over.aborted) {
      await pause(AGAIN_MS, over);
      await this.accept(order, this.#replica(choice, order.attempts.length));
    }
    if (choice.again) await this.accept(order, this.#replica(choice, 2));
    const operationId = operationOf(order);
    if (!operationId) return;
    if (choice.reuseKey) await this.#reuseKey(order, operationId, choice);
    await Promise.all([
      this.#decide(choice, { operationId, planHash: plan.hash }, over),
      this.#cancel(choice, operationId, over),
      this.#watch(choice, operationId, over),
      this.#untilEnded(choice, operationId, over),
    ]);
  }

  async #plan(choice: Choice, over: AbortSignal): Promise<Plan | undefined> {
    const { person, target, intent: wanted } = choice;
    for (let turn = 0; turn < 4 && !over.aborted; turn++) {
      const client = this.#replica(choice, turn).as(person);
      const begun = performance.now();
      try {
        const intent = await toIntent(wanted, target, client);
        if (!intent) return undefined;
        const plan = await client.plan({
          entityRef: target.entityRef,
          registryId: target.registryId,
          intent,
        });
        if (person === VISITOR) {
          this.#history.intruders.push({ person, status: 201 });
        }
        return plan;
      } catch (error) {
        const answer = answerOf(error);
        if (answer.kind === 'refused') {
          this.#history.count('plans that were refused');
          if (person === VISITOR) {
            this.#history.intruders.push({ person, status: answer.status });
          }
          return undefined;
        }
        await pause(AGAIN_MS, over);
      } finally {
        this.#took(begun);
      }
    }
    return undefined;
  }

  /** Sends an order, once, and remembers what came back. */
  async accept(order: Order, backend: Backend, reason = order.reason) {
    const sentAt = Date.now();
    const begun = performance.now();
    let answer: Attempt['answer'];
    try {
      const operation = await backend.as(order.person).accept({
        planId: order.planId,
        planHash: order.planHash,
        reason,
        confirmation: order.confirmation,
        idempotencyKey: order.idempotencyKey,
      });
      answer = { kind: 'accepted', operationId: operation.id };
    } catch (error) {
      answer = answerOf(error);
    }
    this.#took(begun);
    this.#history.count(`acceptances ${answer.kind}`);
    if (reason === order.reason) {
      order.attempts.push({
        backend: backend.name,
        sentAt,
        answeredAt: Date.now(),
        answer,
      });
    }
    return answer;
  }

  async #reuseKey(order: Order, operationId: string, choice: Choice) {
    const answer = await this.accept(
      order,
      this.#replica(choice, 1),
      'Another reason under the same key',
    );
    this.#history.reused.push({ operationId, answer });
  }

  async #decide(
    choice: Choice,
    plan: { operationId: string; planHash: string },
    over: AbortSignal,
  ) {
    if (choice.decision === 'leave') return;
    await pause(choice.decideAfterMs, over);
    await this.decide(plan, choice.decision, {
      by: otherThan(choice.person),
      backend: this.#replica(choice, 1),
    });
  }

  /** An approval or a rejection, once; most operations wait for none. */
  async decide(
    { operationId, planHash }: { operationId: string; planHash: string },
    decision: 'approve' | 'reject',
    { by, backend }: { by: Person; backend: Backend },
  ) {
    await this.#try(decision, () =>
      decision === 'approve'
        ? backend.as(by).approve(operationId, planHash)
        : backend.as(by).reject(operationId, 'Not now'),
    );
  }

  async #cancel(choice: Choice, operationId: string, over: AbortSignal) {
    if (choice.cancelAfterMs === undefined) return;
    await pause(choice.cancelAfterMs, over);
    await this.#try('cancel', () =>
      this.#replica(choice, 2)
        .as(choice.person)
        .cancel(operationId, 'No longer wanted'),
    );
  }

  async #watch(choice: Choice, operationId: string, over: AbortSignal) {
    if (choice.streamMs === undefined) return;
    await this.#try('stream', async () => {
      const leave = deadline(choice.streamMs!, over);
      const stream = await this.#replica(choice, 1)
        .as(choice.person)
        .events(operationId, { signal: leave });
      await stream.text();
    });
  }

  async #untilEnded(choice: Choice, operationId: string, over: AbortSignal) {
    const impatient = deadline(choice.patienceMs, over);
    for (let turn = 0; !impatient.aborted; turn++) {
      await pause(AGAIN_MS, impatient);
      const operation = await this.#replica(choice, turn)
        .as(choice.person)
        .operation(operationId, { signal: impatient })
        .catch(() => undefined);
      if (operation && isTerminal(operation.state)) return;
    }
  }

  /** Something that may fail, and of which only how often it did what is kept. */
  async #try(what: string, call: () => Promise<unknown>) {
    const begun = performance.now();
    try {
      await call();
      this.#history.count(`${what}: done`);
    } catch (error) {
      this.#history.count(`${what}: ${answerOf(error).kind}`);
    } finally {
      if (what !== 'stream') this.#took(begun);
    }
  }

  #took(begun: number) {
    const ms = Math.round(performance.now() - begun);
    this.#history.slowestMs = Math.max(this.#history.slowestMs, ms);
  }

  #replica({ replica }: Choice, turn: number): Backend {
    return this.#backends[(replica + turn) % this.#backends.length];
  }
}
