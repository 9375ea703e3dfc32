import type {
  MetricsService,
  TracingService,
  TracingServiceSpanOptions,
} from '@backstage/backend-plugin-api/alpha';
import { AzureError } from '../../azure/AzureError';
import { intents } from '../../domain/plan/intents';
import type { BudgetLeft } from '../../azure/transport/budget';
import type { CallObserver } from '../../azure/transport/call';
import type { CallTarget } from '../../azure/transport/callTarget';
import type { MonotonicClock } from '../time/realClock';

/** Values of the inventory's gauges. */
export interface InventoryFigures {
  /** Epoch milliseconds. */
  now: number;
  oldestFactsAt?: number;
  lastWholeSweepAt?: number;
  dirty: number;
  /** Vaults whose keys could not be listed. */
  failedKeyLists: number;
  /** Number of registries by state. */
  byState: Record<string, number>;
  /** Number of subscriptions by state of the last sweep. */
  bySubscriptionState: Record<string, number>;
}

/** Every replica reads the gauges at every scrape; the figures are read from the database at this interval. Milliseconds. */
const FIGURES_KEPT_MS = 30_000;

/** Limits of the buckets of durations, in seconds. */
const CALL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const OPERATION_SECONDS = [5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

/** Ends that alerts look for. Counted from zero: a series that begins with one shows Prometheus no increase. */
const ALERTED_ENDS = ['failed', 'unverified'];

interface TelemetryDeps {
  metrics: MetricsService;
  /** Default: no spans. */
  tracing?: TracingService;
  monotonic: MonotonicClock;
}

/**
 * Metrics and traces (docs/observability.md). No label is an id: of actions, kinds, states and jobs there
 * are a few dozen. Spans carry no message but our own.
 */
export class Telemetry implements CallObserver {
  readonly #deps: TelemetryDeps;
  readonly #calls;
  readonly #callSeconds;
  readonly #operations;
  readonly #operationSeconds;
  #figures: { at: number; value: Promise<InventoryFigures> } | undefined;

  constructor(deps: TelemetryDeps) {
    this.#deps = deps;
    this.#calls = this.#deps.metrics.createCounter('acr_cmk.azure.calls', {
      description: 'Calls to Azure, by the action that they need and their end',
      unit: '{call}',
    });
    this.#callSeconds = this.#deps.metrics.createHistogram(
      'acr_cmk.azure.call.duration',
      {
        description: 'How long calls to Azure took, their retries included',
        unit: 's',
        advice: { explicitBucketBoundaries: CALL_SECONDS },
      },
    );
    this.#operations = this.#deps.metrics.createCounter('acr_cmk.operations', {
      description: 'Operations that ended, by their intent and end',
      unit: '{operation}',
    });
    for (const intent of Object.keys(intents)) {
      for (const end of ALERTED_ENDS) this.#operations.add(0, { intent, end });
    }
    this.#operationSeconds = this.#deps.metrics.createHistogram(
      'acr_cmk.operation.duration',
      {
        description: 'How long operations took from acceptance to end',
        unit: 's',
        advice: { explicitBucketBoundaries: OPERATION_SECONDS },
      },
    );
  }

  around<T>(
    { action, writes, credential }: CallTarget,
    call: () => Promise<T>,
  ): Promise<T> {
    const labels = { action, job: credential ?? 'none', write: writes };
    const started = this.#deps.monotonic();
    return this.#inSpan(
      'acr-cmk azure call',
      { kind: 'client', attributes: labels },
      async () => {
        let outcome = 'ok';
        try {
          return await call();
        } catch (error) {
          outcome = error instanceof AzureError ? error.kind : 'error';
          throw error;
        } finally {
          this.#calls.add(1, { ...labels, outcome });
          this.#callSeconds.record((this.#deps.monotonic() - started) / 1000, {
            action,
            outcome,
          });
        }
      },
    );
  }

  #inSpan<T>(
    name: string,
    options: TracingServiceSpanOptions,
    work: () => Promise<T>,
  ): Promise<T> {
    const { tracing } = this.#deps;
    return tracing
      ? tracing.startActiveSpan(name, options, () => work())
      : work();
  }

  /** A piece of work in the background, as a span. */
  span<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#inSpan(`acr-cmk ${name}`, {}, work);
  }

  /** An operation has ended here. */
  operationEnded(operation: {
    intent: string;
    end: string;
    seconds: number;
  }): void {
    const { intent, end, seconds } = operation;
    this.#operations.add(1, { intent, end });
    this.#operationSeconds.record(Math.max(0, seconds), { intent, end });
  }

  /** Registers the gauges of the inventory and of the budget of calls. */
  watch(options: {
    figures: () => Promise<InventoryFigures>;
    budget: () => BudgetLeft[];
  }): void {
    const gauge = (
      name: string,
      about: { description: string; unit: string },
      show: (
        figures: InventoryFigures,
      ) => [value: number, labels?: Record<string, string>][],
    ) =>
      this.#deps.metrics
        .createObservableGauge(name, about)
        .addCallback(async result => {
          const figures = await this.#kept(options.figures);
          for (const [value, labels] of show(figures)) {
            result.observe(value, labels);
          }
        });
    const each = (counts: Record<string, number>) =>
      Object.entries(counts).map(
        ([state, count]): [number, Record<string, string>] => [
          count,
          { state },
        ],
      );
    const ageOf = (now: number, at: number | undefined): [number][] =>
      at === undefined ? [] : [[(now - at) / 1000]];
    gauge(
      'acr_cmk.inventory.oldest_facts.age',
      { description: 'Age of the oldest facts of a registry', unit: 's' },
      ({ now, oldestFactsAt }) => ageOf(now, oldestFactsAt),
    );
    gauge(
      'acr_cmk.inventory.whole_sweep.age',
      {
        description: 'Time since the last sweep began that saw everything',
        unit: 's',
      },
      ({ now, lastWholeSweepAt }) => ageOf(now, lastWholeSweepAt),
    );
    gauge(
      'acr_cmk.inventory.registries',
      {
        description: 'Registries that are known, by state',
        unit: '{registry}',
      },
      ({ byState }) => each(byState),
    );
    gauge(
      'acr_cmk.inventory.subscriptions',
      {
        description:
          'Subscriptions of the scopes, by what the last sweep saw of them',
        unit: '{subscription}',
      },
      ({ bySubscriptionState }) => each(bySubscriptionState),
    );
    gauge(
      'acr_cmk.inventory.key_lists.failed',
      {
        description: 'Vaults whose keys could not be listed the last time',
        unit: '{vault}',
      },
      ({ failedKeyLists }) => [[failedKeyLists]],
    );
    gauge(
      'acr_cmk.inventory.dirty',
      { description: 'Things that are to be read again', unit: '{thing}' },
      ({ dirty }) => [[dirty]],
    );
    this.#deps.metrics
      .createObservableGauge('acr_cmk.azure.budget', {
        description:
          'Part that is left of the scarcest of Azure’s limits, by kind and job',
        unit: '1',
      })
      .addCallback(result => {
        const scarcest = new Map<string, BudgetLeft>();
        for (const left of options.budget()) {
          const key = `${left.quota} ${left.principal}`;
          // The scarcest come first.
          if (!scarcest.has(key)) scarcest.set(key, left);
        }
        for (const { quota, principal, left, size } of scarcest.values()) {
          result.observe(left / size, { quota, job: principal });
        }
      });
  }

  #kept(read: () => Promise<InventoryFigures>): Promise<InventoryFigures> {
    const at = this.#deps.monotonic();
    if (!this.#figures || at - this.#figures.at >= FIGURES_KEPT_MS) {
      const value = read();
      this.#figures = { at, value };
      // A failed reading is not kept.
      value.catch(() => {
        if (this.#figures?.value === value) this.#figures = undefined;
      });
    }
    return this.#figures.value;
  }
}
