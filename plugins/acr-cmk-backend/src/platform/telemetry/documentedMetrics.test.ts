/** The alerts and the dashboard of deploy/, beside the metrics that the plugin has. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { metricsServiceMock } from '@backstage/backend-test-utils/alpha';
import { registryStateIds } from 'backstage-plugin-acr-cmk-common';
import { watchAudit } from '../audit/watchAudit';
import { Telemetry } from './Telemetry';

const read = (path: string) =>
  readFileSync(resolve(__dirname, '../../../../..', path), 'utf8');

/** Suffixes that receivers of OTLP add for a unit. */
const UNITS: Record<string, string> = { s: '_seconds', 1: '_ratio' };

/** Names of the metrics in Prometheus, by the rules of OTLP receivers. */
async function metricNames(): Promise<Set<string>> {
  const names = new Set<string>();
  const metrics = metricsServiceMock.mock();
  const nameOf = (name: string, unit = '') =>
    `${name.replaceAll('.', '_')}${UNITS[unit] ?? ''}`;
  metrics.createCounter.mockImplementation((name, options) => {
    names.add(`${nameOf(name, options?.unit)}_total`);
    return { add: () => undefined } as never;
  });
  metrics.createHistogram.mockImplementation((name, options) => {
    names.add(`${nameOf(name, options?.unit)}_bucket`);
    return {} as never;
  });
  metrics.createObservableGauge.mockImplementation((name, options) => {
    names.add(nameOf(name, options?.unit));
    return { addCallback: () => undefined } as never;
  });
  new Telemetry({ metrics, monotonic: () => 0 }).watch({
    figures: async () => ({}) as never,
    budget: () => [],
  });
  await watchAudit({
    metrics,
    logger: mockServices.logger.mock(),
    auditor: mockServices.auditor.mock(),
    lifecycle: mockServices.lifecycle.mock(),
    tasks: mockServices.scheduler.mock(),
  } as never);
  return names;
}

const alerts = [
  ...read('deploy/prometheus/acr-cmk.rules.yaml').matchAll(
    /- alert: (\w+)\n +expr: (.+)/g,
  ),
].map(([, name, expr]) => ({ name, expr }));

const dashboard = [
  ...read('deploy/grafana/acr-cmk.json').matchAll(/"expr": "(.+)"/g),
].map(([, expr], index) => ({ name: `panel ${index}`, expr }));

it('has an alert for each state of a key that needs somebody, and for the audit record', () => {
  expect(alerts.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'KeysUnreachable',
      'KeysRevoked',
      'KeysExpired',
      'KeysAtRisk',
      'PinnedKeyTrap',
      'RegistriesUnknown',
      'AuditBreaks',
    ]),
  );
  expect(dashboard.length).toBeGreaterThan(0);
});

it.each([...alerts, ...dashboard])(
  '$name asks for metrics and states that exist',
  async ({ expr }) => {
    const used = expr.match(/acr_cmk_\w+/g) ?? [];
    const known = await metricNames();
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter(name => !known.has(name))).toEqual([]);
    const states = [
      ...expr.matchAll(/inventory_registries\{state=\\?"([^"\\]+)/g),
    ].map(([, state]) => state);
    expect(
      states.filter(state => !registryStateIds.some(id => id === state)),
    ).toEqual([]);
  },
);
