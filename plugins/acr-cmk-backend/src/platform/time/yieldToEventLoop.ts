import { setImmediate } from 'node:timers/promises';

/** Lets the event loop serve what waits, such as requests, before a long piece of work continues. */
export const yieldToEventLoop = (): Promise<void> => setImmediate();

let lastTurn = Promise.resolve();

/**
 * Begins one piece in each round of the event loop, for work of which many pieces run beside each other. A request
 * then waits for one of them at each of its own steps, and not for all.
 */
export function turnOfEventLoop(): Promise<void> {
  lastTurn = lastTurn.then(yieldToEventLoop);
  return lastTurn;
}
