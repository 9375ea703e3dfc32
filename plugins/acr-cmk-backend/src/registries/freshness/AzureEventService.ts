import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  AuthenticationError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { InvalidInput } from 'backstage-plugin-acr-cmk-common';
import {
  createDeliveryVerifier,
  type DeliveryVerifier,
  entraKeys,
} from '../../azure/credentials/deliveryToken';
import type { Background } from '../../inventory/Background';
import type { InventorySync } from '../../inventory/refresh';
import type { AzureEvent, Events } from '../../inventory/refresh/Events';
import type { Context } from '../../platform/context';
import { wallClock } from '../../platform/time/realClock';

/** Events in one delivery. Event Grid sends one unless the subscription asks for more. */
const MAX_EVENTS = 1_000;
/** Time between two log lines about refusals of one kind. Milliseconds. */
const LOG_EVERY_MS = 60_000;
/** Longest id or name of Azure. Characters. */
const MAX_TEXT = 1_000;

/** Event as somebody has sent it: any field may hold anything. */
type Entry = Record<string, unknown>;

const isEntry = (entry: unknown): entry is Entry =>
  typeof entry === 'object' && entry !== null;

interface Deps {
  verify: DeliveryVerifier;
  take: (events: readonly AzureEvent[]) => Promise<number>;
  /** Called when an event has queued something. */
  onMarked: () => void;
  logger: Pick<LoggerService, 'warn'>;
  now: () => number;
}

/** Receives deliveries of Event Grid and hands their events to the inventory. */
export class AzureEventService {
  readonly #deps: Deps;
  readonly #loggedAt = new Map<string, number>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Verifies the token of a delivery.
   *
   * @throws AuthenticationError without the reason, which is in the log
   * @throws ServiceUnavailableError when the signing keys cannot be fetched: Event Grid delivers again
   */
  async authenticate(authorization: string | undefined): Promise<void> {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(
      authorization ?? '',
    )?.[1];
    const verdict = token
      ? await this.#deps.verify(token)
      : {
          accepted: false as const,
          why: 'there is no token',
          undecided: undefined,
        };
    if (verdict.accepted) return;
    this.#log(`An event of Azure was refused: ${verdict.why}`);
    if (verdict.undecided) {
      throw new ServiceUnavailableError(
        'The token of the delivery cannot be verified now. Deliver the event again later',
      );
    }
    throw new AuthenticationError('The token of the delivery is not accepted');
  }

  /**
   * Takes a delivery.
   *
   * @returns the answer to the handshake, when it is one
   */
  async receive(body: unknown): Promise<{ validationResponse?: string }> {
    const entries: unknown[] = Array.isArray(body) ? body : [body];
    if (entries.length > MAX_EVENTS || !entries.every(isEntry)) {
      throw new InvalidInput(
        'body',
        `must be an event, or a list of at most ${MAX_EVENTS}`,
      );
    }
    const code = validationCodeIn(entries);
    if (code) return { validationResponse: code };
    // An entry that is not understood is accepted too: sent again, it would be no clearer.
    const events = entries.flatMap(entry => toEvent(entry) ?? []);
    if ((await this.#deps.take(events)) > 0) this.#deps.onMarked();
    return {};
  }

  #log(message: string): void {
    const last = this.#loggedAt.get(message) ?? -Infinity;
    if (this.#deps.now() - last < LOG_EVERY_MS) return;
    this.#loggedAt.set(message, this.#deps.now());
    this.#deps.logger.warn(message);
  }
}

/** The receiver of events of Azure, where `acrCmk.events` is configured. */
export function createAzureEventService(
  { config, logger }: Pick<Context, 'config' | 'logger'>,
  parts: { events: Events; sync: InventorySync; background: Background },
): AzureEventService | undefined {
  if (!config.events) return undefined;
  const { events, sync, background } = parts;
  return new AzureEventService({
    verify: createDeliveryVerifier(
      { ...config.events, cloud: config.cloud },
      entraKeys(config.events.tenantId, config.cloud),
      wallClock,
    ),
    take: each => events.take(each),
    onMarked: () =>
      background.add('reading what events name', () => sync.readQueued()),
    logger,
    now: wallClock,
  });
}

const dataOf = ({ data }: Entry): Entry => (isEntry(data) ? data : {});

function validationCodeIn(entries: readonly Entry[]): string | undefined {
  const [only] = entries;
  if (
    entries.length !== 1 ||
    only.eventType !== 'Microsoft.EventGrid.SubscriptionValidationEvent'
  ) {
    return undefined;
  }
  const code = dataOf(only).validationCode;
  if (typeof code !== 'string' || !/^[\w-]{1,200}$/.test(code)) {
    throw new InvalidInput('data.validationCode', 'must be a code');
  }
  return code;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT
    ? value
    : undefined;

/** Event in either schema: CloudEvents 1.0 or Event Grid's own. */
function toEvent(entry: Entry): AzureEvent | undefined {
  const id = text(entry.id);
  const source = text(entry.source) ?? text(entry.topic);
  const type = text(entry.type) ?? text(entry.eventType);
  if (!id || !source || !type) return undefined;
  const data = dataOf(entry);
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
