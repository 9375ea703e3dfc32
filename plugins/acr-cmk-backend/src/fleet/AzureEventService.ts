import type { LoggerService } from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import { InvalidInput } from 'backstage-plugin-acr-cmk-common';
import type { DeliveryVerifier } from '../azure/deliveryToken';
import type { AzureEvent } from '../inventory/sync/Events';

/** Events in one delivery. Event Grid sends one unless the subscription asks for more. */
const MOST_EVENTS = 1_000;
/** A refusal of the same kind is logged once in so long. Milliseconds. */
const LOG_EVERY_MS = 60_000;
/** A longer text is no id or name of Azure. Characters. */
const LONGEST_TEXT = 1_000;

/** Deliveries of Event Grid: whose they are, what they say, and that they were taken. */
export class AzureEventService {
  readonly #verify: DeliveryVerifier;
  readonly #take: (events: readonly AzureEvent[]) => Promise<number>;
  readonly #marked: () => void;
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #now: () => number;
  readonly #loggedAt = new Map<string, number>();

  constructor(options: {
    verify: DeliveryVerifier;
    take: (events: readonly AzureEvent[]) => Promise<number>;
    /** Something is dirty now. */
    marked: () => void;
    logger: Pick<LoggerService, 'warn'>;
    now: () => number;
  }) {
    this.#verify = options.verify;
    this.#take = options.take;
    this.#marked = options.marked;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /**
   * Lets a delivery in.
   *
   * @throws AuthenticationError that says nothing of why: the reason is in the log
   */
  async authenticate(authorization: string | undefined): Promise<void> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(
      authorization ?? '',
    )?.[1];
    const verdict = token
      ? await this.#verify(token)
      : { accepted: false as const, why: 'there is no token' };
    if (verdict.accepted) return;
    this.#log(`An event of Azure was refused: ${verdict.why}`);
    throw new AuthenticationError('The token of the delivery is not accepted');
  }

  /**
   * Takes a delivery.
   *
   * @returns the answer to the handshake, when it is one
   */
  async receive(body: unknown): Promise<{ validationResponse?: string }> {
    const entries = Array.isArray(body) ? body : [body];
    if (
      entries.length > MOST_EVENTS ||
      entries.some(entry => typeof entry !== 'object' || entry === null)
    ) {
      throw new InvalidInput(
        'body',
        `must be an event, or a list of at most ${MOST_EVENTS}`,
      );
    }
    const code = validationCodeIn(entries);
    if (code) return { validationResponse: code };
    // What is not understood is taken all the same: sent again, it would be no clearer.
    const events = entries.flatMap(entry => toEvent(entry) ?? []);
    if ((await this.#take(events)) > 0) this.#marked();
    return {};
  }

  #log(message: string): void {
    const last = this.#loggedAt.get(message) ?? -Infinity;
    if (this.#now() - last < LOG_EVERY_MS) return;
    this.#loggedAt.set(message, this.#now());
    this.#logger.warn(message);
  }
}

function validationCodeIn(entries: any[]): string | undefined {
  const [only] = entries;
  if (
    entries.length !== 1 ||
    only.eventType !== 'Microsoft.EventGrid.SubscriptionValidationEvent'
  ) {
    return undefined;
  }
  const code = only.data?.validationCode;
  if (typeof code !== 'string' || !/^[\w-]{1,200}$/.test(code)) {
    throw new InvalidInput('data.validationCode', 'must be a code');
  }
  return code;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT
    ? value
    : undefined;

/** An event of either schema, CloudEvents 1.0 or Event Grid's own. */
function toEvent(entry: any): AzureEvent | undefined {
  const id = text(entry.id);
  const source = text(entry.source) ?? text(entry.topic);
  const type = text(entry.type) ?? text(entry.eventType);
  if (!id || !source || !type) return undefined;
  const data = entry.data ?? {};
  return {
    id,
    source,
    type,
    resourceUri: text(data.resourceUri),
    vaultName: text(data.VaultName),
    objectType: text(data.ObjectType),
    objectName: text(data.ObjectName),
  };
}
