import type { Evidence } from './evidence';
import type { DatabaseClient } from './world/Database';

/** Result of a run, as a file for programs and as lines for people. */
export interface Report {
  seed: number;
  minutes: number;
  database: DatabaseClient;
  replicas: number;
  /** All of it, the settling included. */
  seconds: number;
  folder: string;
  invariants: { name: string; violations: string[] }[];
  figures: Record<string, Record<string, number>>;
}

function countBy<T>(items: readonly T[], by: (item: T) => string) {
  const counts: Record<string, number> = {};
  for (const item of items) counts[by(item)] = (counts[by(item)] ?? 0) + 1;
  return counts;
}

/** Counts of the report. */
export function figuresOf({
  operations,
  campaigns,
  history,
  log,
  audit,
}: Evidence): Report['figures'] {
  return {
    operations: countBy(operations, ({ kind, state }) => `${kind} ${state}`),
    campaigns: countBy(
      campaigns,
      ({ intent, state }) => `${intent.kind} ${state}`,
    ),
    'members of campaigns': countBy(
      campaigns.flatMap(({ members }) => members),
      ({ state }) => state,
    ),
    client: history.counts,
    Azure: {
      requests: log.length,
      'requests that met a fault': log.filter(({ fault }) => fault).length,
    },
    'audit records': { all: audit.length },
    'answers, milliseconds': { 'the slowest': history.slowestMs },
  };
}

export const passed = ({ invariants }: Report): boolean =>
  invariants.every(({ violations }) => violations.length === 0);

function figuresInWords({ figures }: Report): string[] {
  return Object.entries(figures).flatMap(([group, counts]) => [
    '',
    `${group}:`,
    ...Object.entries(counts)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, count]) => `${String(count).padStart(8)}  ${what}`),
  ]);
}

/** Lines for a terminal; the verdict is last. */
export function inLines(report: Report): string[] {
  return [
    ...figuresInWords(report),
    '',
    ...report.invariants.flatMap(({ name, violations }) => [
      `${violations.length === 0 ? '✓' : '✗'} ${name}`,
      ...violations.map(violation => `    ${violation}`),
    ]),
    '',
    passed(report)
      ? `Everything holds after ${report.seconds} s (seed ${report.seed}).`
      : `Something does not hold. Run the same history again with: yarn test:chaos --seed ${report.seed} --minutes ${report.minutes} --database ${report.database} --replicas ${report.replicas}`,
    `Logs, evidence and report: ${report.folder}`,
  ];
}
