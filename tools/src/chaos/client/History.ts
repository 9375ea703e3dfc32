/** Requests of the client and their answers, for the checks at the end. */
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import type { Person, Target } from '../world/people';

/** One request to accept a plan, and its answer. Times are this machine's, in milliseconds since 1970. */
export interface Attempt {
  backend: string;
  sentAt: number;
  answeredAt: number;
  answer:
    | { kind: 'accepted'; operationId: string }
    /** 4xx: a definite no. */
    | { kind: 'refused'; status: number; code?: string; message: string }
    /** No answer, or a 5xx: nobody knows. */
    | { kind: 'unknown'; status?: number; message: string };
}

/** A plan that was sent to be carried out, and everything that was sent under its key. */
export interface Order {
  idempotencyKey: string;
  person: Person;
  target: Target;
  intent: Intent;
  planId: string;
  planHash: string;
  reason: string;
  confirmation?: string;
  attempts: Attempt[];
}

/** The operation that an order has led to, as far as the answers show. */
export function operationOf({ attempts }: Order): string | undefined {
  for (const { answer } of attempts) {
    if (answer.kind === 'accepted') return answer.operationId;
  }
  return undefined;
}

/** Is it still open whether an order was accepted? */
export function isUnanswered({ attempts }: Order): boolean {
  return attempts.every(({ answer }) => answer.kind === 'unknown');
}

export class History {
  readonly orders: Order[] = [];
  /** Requests of people who may not, and what they got. */
  readonly intruders: { person: Person; status: number | undefined }[] = [];
  /** Keys that came back with another reason, and what they got. */
  readonly reused: { operationId: string; answer: Attempt['answer'] }[] = [];
  /** Campaigns whose start was acknowledged. */
  readonly campaigns: string[] = [];
  /** Starts of campaigns with a hash that is not that of their preview, and what they got. */
  readonly wrongHashes: { campaignId: string; answer: Attempt['answer'] }[] =
    [];
  /** Number of requests by kind, for the report. */
  readonly counts: Record<string, number> = {};
  /** The longest that any answer took. Milliseconds. */
  slowestMs = 0;

  count(what: string, more = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + more;
  }
}
