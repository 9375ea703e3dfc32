import {
  acrCmkVersion,
  type DoctorCheck,
  type DoctorLine,
  type DoctorReport,
} from 'backstage-plugin-acr-cmk-common';
import type { Sleep } from '../platform/time/realClock';
import { type Check, type DoctorPorts, worst } from './check';
import { unknown } from './lines';
import { checks as allChecks } from './checks';

/** Time limit of a check. Most take less than a second; the rights take a request for each place. */
const MAX_SECONDS = 60;

/** Leaves out lines that repeat another one, as where one refusal stands in the way of many questions. */
const unique = (lines: readonly DoctorLine[]): DoctorLine[] => [
  ...new Map(
    lines.map(line => [`${line.status} ${line.message} ${line.remedy}`, line]),
  ).values(),
];

/**
 * Runs every check and reports the results.
 *
 * @param options.secrets - texts that must not be in the report, wherever they come from
 */
export async function runDoctor(
  ports: DoctorPorts,
  options: {
    sleep: Sleep;
    secrets: readonly string[];
    checks?: readonly Check[];
  },
): Promise<DoctorReport> {
  const checks = await Promise.all(
    (options.checks ?? allChecks).map(async (check): Promise<DoctorCheck> => {
      const found = await runWithTimeout(check, ports, options.sleep);
      const lines = unique(
        found.map(one => withoutSecrets(one, options.secrets)),
      );
      return { id: check.id, title: check.title, status: worst(lines), lines };
    }),
  );
  return {
    at: new Date(ports.now()).toISOString(),
    version: acrCmkVersion,
    status: worst(checks),
    checks,
  };
}

/** Runs a check. One that takes too long, or throws, is `unknown` and never `ok`. */
async function runWithTimeout(
  check: Check,
  ports: DoctorPorts,
  sleep: Sleep,
): Promise<DoctorLine[]> {
  const done = new AbortController();
  try {
    return await Promise.race([
      check.run(ports),
      sleep(MAX_SECONDS * 1000, done.signal).then(() => [
        unknown(
          `There was no result within ${MAX_SECONDS} s.`,
          'Run the doctor again. If this repeats, look in the other lines for a service that does not answer.',
        ),
      ]),
    ]);
  } catch (error) {
    return [
      unknown(
        `The check ended with an error: ${
          error instanceof Error ? error.message : String(error)
        }`,
        'Run the doctor again. If this repeats, read the other checks and the log of the backend.',
      ),
    ];
  } finally {
    done.abort();
  }
}

function withoutSecrets(
  { status, message, remedy }: DoctorLine,
  secrets: readonly string[],
): DoctorLine {
  const clean = (text: string) =>
    secrets.reduce(
      (left, secret) => left.replaceAll(secret, '[removed]'),
      text,
    );
  return {
    status,
    message: clean(message),
    ...(remedy ? { remedy: clean(remedy) } : {}),
  };
}

/** 1 when something has failed, else 0. A person has to look at `unknown` lines. */
export const exitCodeOf = ({ status }: DoctorReport): 0 | 1 =>
  status === 'failed' ? 1 : 0;
