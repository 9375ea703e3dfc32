import type { DeliveryTokens } from '../entra/deliveryTokens';

/** Events, and the endpoint that receives them. */
export interface EventDelivery {
  /** An endpoint on this machine: nothing that the emulator knows leaves it. */
  url: string;
  /** Sent as they are. */
  events: readonly object[];
  /** The audience of the token of Entra on the delivery. Without it there is no token. */
  audience?: string;
  /** The version of the token. In Azure the application of the endpoint decides it. Default 1. */
  tokenVersion?: 1 | 2;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Delivers events as Event Grid does, in one request, and returns the status of the answer. */
export async function deliverEvents(
  { url, events, audience, tokenVersion = 1 }: EventDelivery,
  tokens: DeliveryTokens,
): Promise<{ status: number }> {
  if (!URL.canParse(url) || !LOOPBACK.includes(new URL(url).hostname)) {
    throw new Error(
      `Events are delivered to this machine only, not to '${url}'. Use localhost, 127.0.0.1 or [::1].`,
    );
  }
  const token = audience && (await tokens.issue(audience, tokenVersion));
  const { status } = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'aeg-event-type': 'Notification',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(events),
  });
  return { status };
}
