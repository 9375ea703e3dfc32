import type { SignalApi } from '@backstage/plugin-signals-react';
import {
  CHANGES_CHANNEL,
  type ChangesSignal,
} from 'backstage-plugin-acr-cmk-common';

/** Within so long after a signal, viewers ask again: not all of them at the same moment. */
export const SPREAD_MS = 1_000;

interface ChangesOptions {
  signals: SignalApi;
  /** True when a signal with these tokens concerns the view. A signal without tokens always does. */
  concerns(tokens: readonly string[]): boolean;
  onChange(): void;
  /** Signals of so long are answered with one call, in milliseconds. */
  pauseMs: number;
  /** Random number from 0 to 1. */
  random?: () => number;
}

/**
 * Listens for signals that something has changed. A hidden tab asks once it is shown again.
 *
 * @returns ends it
 */
export function listenForChanges(options: ChangesOptions): () => void {
  const {
    signals,
    concerns,
    onChange,
    pauseMs,
    random = Math.random,
  } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let calledAt = -Infinity;
  let isDue = false;

  const call = () => {
    timer = undefined;
    isDue = document.hidden;
    if (isDue) return;
    calledAt = Date.now();
    onChange();
  };
  const shown = () => {
    if (isDue) call();
  };
  const subscription = signals.subscribe<{ tokens?: string[] }>(
    CHANGES_CHANNEL,
    ({ tokens }: ChangesSignal) => {
      if (timer !== undefined || (tokens && !concerns(tokens))) return;
      const wait = Math.max(0, calledAt + pauseMs - Date.now());
      timer = setTimeout(call, wait + random() * SPREAD_MS);
    },
  );
  document.addEventListener('visibilitychange', shown);
  return () => {
    clearTimeout(timer);
    subscription.unsubscribe();
    document.removeEventListener('visibilitychange', shown);
  };
}
