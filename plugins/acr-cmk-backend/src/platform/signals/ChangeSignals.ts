import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import {
  CHANGES_CHANNEL,
  type ChangesSignal,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Sleep } from '../time/realClock';
import type { ChangeTokenOf } from './changeTokens';

/** Window in which changes are sent together with the first one. Milliseconds. Our choice. */
const TOGETHER_MS = 300;
/** More than so many are not named. Our choice: a signal stays below 3 kB. */
const MOST_NAMED = 100;

interface ChangeSignalsDeps {
  signals: Pick<SignalsService, 'publish'>;
  tokenOf: ChangeTokenOf;
  sleep: Sleep;
  logger: Pick<LoggerService, 'debug'>;
}

/**
 * Notifies users with the portal open that registries have changed, so that their views ask again, each
 * with the rights of its viewer. A signal reaches everybody, so it holds nothing but tokens. None has to
 * arrive: views ask from time to time as well.
 */
export class ChangeSignals {
  readonly #deps: ChangeSignalsDeps;
  readonly #stopped = new AbortController();
  #changed = new Set<string>();
  #sending: Promise<void> | undefined;

  constructor(deps: ChangeSignalsDeps) {
    this.#deps = deps;
  }

  /** Signals that registries have changed; call it when the change is durable. */
  changed(registries: Iterable<Pick<RegistryId, 'key'>>): void {
    if (this.#stopped.signal.aborted) return;
    for (const registry of registries) {
      this.#changed.add(this.#deps.tokenOf(registry));
    }
    if (this.#changed.size === 0) return;
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Sends no more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#changed.size > 0) {
      await this.#deps.sleep(TOGETHER_MS, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      const changed = this.#changed;
      this.#changed = new Set();
      const message: ChangesSignal =
        changed.size > MOST_NAMED ? {} : { tokens: [...changed] };
      try {
        await this.#deps.signals.publish({
          recipients: { type: 'broadcast' },
          channel: CHANGES_CHANNEL,
          message: { ...message },
        });
      } catch (error) {
        this.#deps.logger.debug(`A change could not be signalled: ${error}`);
      }
    }
  }
}
