import http from 'node:http';
import https from 'node:https';
import type { Azure } from './azure';
import type { Cloud } from './cloud';
import type { DeliveryTokens } from './deliveryTokens';
import { minutes, seconds } from './durations';
import { AzureEvent, wants } from './events';
import { newGuid } from './ids';
import { EventSubscription } from './model';
import { dotnetTime } from './azure/systemData';
import {
  DELIVERY_ANSWER_MS,
  DELIVERY_LOG_ENTRIES,
  EVENT_RETRY_SECONDS,
  EVENT_TICK_MS,
  RETRY_AFTER_STATUS_SECONDS,
  STATUS_WITHOUT_RETRY,
} from './assumptions';

/** One attempt to deliver events. */
export interface Delivery {
  /** The emulator's time, ISO 8601. */
  time: string;
  /** The id of the event subscription. */
  subscription: string;
  types: string[];
  events: string[];
  /** 1 for the first one. */
  attempt: number;
  /** Absent when no answer came. */
  status?: number;
}

interface Pending {
  subscription: string;
  event: AzureEvent;
  attempt: number;
  dueAt: number;
}

interface HookAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

const ORIGIN = 'eventgrid.azure.net';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Delivers events to web hooks: at least once, with retries, in the schema that was asked for. Only to
 * this machine: nothing that the emulator knows leaves it. What is not delivered yet is lost with the process.
 */
export class EventDelivery {
  private queue: Pending[] = [];
  private readonly log: Delivery[] = [];
  private running?: Promise<void>;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly azure: Azure,
    private readonly cloud: Cloud,
    private readonly tokens: DeliveryTokens,
  ) {
    azure.events.publish = event => this.publish(event);
  }

  deliveries(): Delivery[] {
    return [...this.log];
  }

  clear() {
    this.queue = [];
    this.log.length = 0;
  }

  stop() {
    clearInterval(this.timer);
    this.clear();
  }

  /** Why the endpoint does not prove that it wants the events; undefined when it does. */
  async validate(subscription: EventSubscription): Promise<string | undefined> {
    const { url } = subscription.destination;
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (!target || !LOOPBACK.includes(target.hostname)) {
      return 'The emulator delivers to this machine only: localhost, 127.0.0.1 or [::1].';
    }
    this.startTimer();
    try {
      return subscription.schema === 'CloudEventSchemaV1_0'
        ? await this.askPermission(subscription)
        : await this.sendCode(subscription);
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Sends everything that is due, and ends when it has been answered. */
  async deliver(): Promise<void> {
    while (this.running) await this.running;
    this.running = this.sendDue();
    try {
      await this.running;
    } finally {
      this.running = undefined;
    }
  }

  private publish(event: AzureEvent) {
    const dueAt = event.at + seconds(this.azure.assumptions.eventDelaySeconds);
    for (const subscription of this.azure.store.all('eventSubscriptions')) {
      if (wants(subscription, event)) {
        const { id } = subscription;
        this.queue.push({ subscription: id, event, attempt: 1, dueAt });
      }
    }
    this.startTimer();
  }

  /** Time passes without requests, too: retries, keys that expire, policies that rotate. */
  private startTimer() {
    this.timer ??= setInterval(() => {
      this.azure.catchUp();
      this.azure.store.commit();
      void this.deliver();
    }, EVENT_TICK_MS).unref();
  }

  private async sendDue() {
    const now = this.azure.now();
    const due = this.queue.filter(({ dueAt }) => dueAt <= now);
    this.queue = this.queue.filter(({ dueAt }) => dueAt > now);
    for (const subscription of this.azure.store.all('eventSubscriptions')) {
      const own = due.filter(each => each.subscription === subscription.id);
      if (own.length) await this.sendTo(subscription, own);
    }
  }

  private async sendTo(subscription: EventSubscription, pending: Pending[]) {
    const { eventDelivery } = this.azure.assumptions;
    const ordered = eventDelivery === 'reversed' ? pending.reverse() : pending;
    const { maxEventsPerBatch: size } = subscription.destination;
    for (let at = 0; at < ordered.length; at += size) {
      const batch = ordered.slice(at, at + size);
      const status = await this.send(subscription, batch);
      if (eventDelivery === 'twice') await this.send(subscription, batch);
      if (status === undefined || status < 200 || status > 204) {
        batch.forEach(each => this.retry(subscription, each, status));
      }
    }
  }

  private retry(
    { retry }: EventSubscription,
    pending: Pending,
    status: number | undefined,
  ) {
    if (status !== undefined && STATUS_WITHOUT_RETRY.includes(status)) return;
    const { attempt, event } = pending;
    const wait = Math.max(
      EVENT_RETRY_SECONDS[Math.min(attempt, EVENT_RETRY_SECONDS.length) - 1],
      RETRY_AFTER_STATUS_SECONDS[status ?? 0] ?? 0,
    );
    const dueAt = this.azure.now() + seconds(wait);
    const expired = dueAt > event.at + minutes(retry.minutes);
    if (attempt < retry.attempts && !expired) {
      this.queue.push({ ...pending, attempt: attempt + 1, dueAt });
    }
  }

  private async send(
    subscription: EventSubscription,
    batch: Pending[],
  ): Promise<number | undefined> {
    const events = batch.map(({ event }) => event);
    const isCloud = subscription.schema === 'CloudEventSchemaV1_0';
    const isBatch = subscription.destination.maxEventsPerBatch > 1;
    const bodies = events.map(event =>
      isCloud ? cloudEvent(event) : gridEvent(event),
    );
    const entry: Delivery = {
      time: new Date(this.azure.now()).toISOString(),
      subscription: subscription.id,
      types: events.map(({ type }) => type),
      events: events.map(({ id }) => id),
      attempt: batch[0].attempt,
    };
    this.log.push(entry);
    if (this.log.length > DELIVERY_LOG_ENTRIES) this.log.shift();
    try {
      const { status } = await this.request(subscription, 'POST', {
        body: isCloud && !isBatch ? bodies[0] : bodies,
        type: contentType(isCloud, isBatch),
        event: 'Notification',
        attempt: batch[0].attempt,
      });
      entry.status = status;
    } catch {
      // No answer: it is sent again.
    }
    return entry.status;
  }

  /** The handshake of the Event Grid schema: the endpoint returns a code. */
  private async sendCode(subscription: EventSubscription) {
    const validationCode = newGuid().toUpperCase();
    const body = [
      {
        ...gridEvent({
          id: newGuid(),
          source: subscription.source,
          subject: '',
          type: 'Microsoft.EventGrid.SubscriptionValidationEvent',
          at: this.azure.now(),
          data: {
            validationCode,
            validationUrl: `https://rp-westeurope.${ORIGIN}/eventsubscriptions/${subscription.name}/validate?id=${validationCode}`,
          },
          dataVersion: '2',
        }),
      },
    ];
    const { status, text } = await this.request(subscription, 'POST', {
      body,
      type: contentType(false, false),
      event: 'SubscriptionValidation',
      attempt: 0,
    });
    if (status !== 200) return `It answered ${status} to the validation event.`;
    const answer = JSON.parse(text) as { validationResponse?: string };
    return answer.validationResponse === validationCode
      ? undefined
      : 'It did not return the validation code.';
  }

  /** The handshake of CloudEvents: the endpoint allows the origin. */
  private async askPermission(subscription: EventSubscription) {
    const { status, headers } = await this.request(subscription, 'OPTIONS', {
      event: 'SubscriptionValidation',
      attempt: 0,
    });
    const allowed = headers['webhook-allowed-origin'];
    if (status !== 200) return `It answered ${status} to OPTIONS.`;
    return allowed === '*' || allowed === ORIGIN
      ? undefined
      : `It did not allow the origin ${ORIGIN}.`;
  }

  private async request(
    { destination, name }: EventSubscription,
    method: string,
    what: { body?: unknown; type?: string; event: string; attempt: number },
  ): Promise<HookAnswer> {
    const { tenantId, audience } = destination;
    const token =
      tenantId && audience
        ? await this.tokens.issue(
            audience,
            this.azure.assumptions.deliveryTokenVersion,
          )
        : undefined;
    const text =
      what.body === undefined
        ? undefined
        : this.cloud.toExternal(JSON.stringify(what.body));
    const headers = {
      'aeg-event-type': what.event,
      'aeg-subscription-name': name.toUpperCase(),
      'aeg-delivery-count': String(what.attempt),
      'aeg-metadata-version': '1',
      ...(method === 'OPTIONS' && {
        'webhook-request-origin': ORIGIN,
        'webhook-request-rate': '120',
      }),
      ...(what.type && { 'content-type': what.type }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    return exchange(destination.url, { method, text, headers });
  }
}

function contentType(isCloud: boolean, isBatch: boolean): string {
  if (!isCloud) return 'application/json; charset=utf-8';
  return isBatch
    ? 'application/cloudevents-batch+json; charset=utf-8'
    : 'application/cloudevents+json; charset=utf-8';
}

function gridEvent(event: AzureEvent) {
  return {
    id: event.id,
    topic: event.source,
    subject: event.subject,
    eventType: event.type,
    eventTime: dotnetTime(event.at),
    data: event.data,
    dataVersion: event.dataVersion,
    metadataVersion: '1',
  };
}

function cloudEvent(event: AzureEvent) {
  return {
    id: event.id,
    source: event.source,
    subject: event.subject,
    type: event.type,
    time: dotnetTime(event.at),
    data: event.data,
    specversion: '1.0',
  };
}

function exchange(
  url: string,
  {
    method,
    text,
    headers,
  }: { method: string; text?: string; headers: Record<string, string> },
): Promise<HookAnswer> {
  return new Promise((resolve, reject) => {
    const client = url.startsWith('https:') ? https : http;
    const request = client.request(
      url,
      { method, headers, timeout: DELIVERY_ANSWER_MS, agent: false },
      answer => {
        const chunks: Buffer[] = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('timeout', () =>
      request.destroy(new Error('It did not answer.')),
    );
    request.on('error', reject);
    request.end(text);
  });
}
