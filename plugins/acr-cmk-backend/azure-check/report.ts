import {
  DEFAULT_ASSUMPTIONS,
  assumedRefusals,
  REVOKE_KINDS,
} from 'azure-emulator';
import { agrees, type Measured, settingOf } from './measured';
import { CONSTANTS_NOT_ASKED, REFUSALS_NOT_ASKED } from './notAsked';
import type { ContractOutcome, ProbeResult } from './probe';
import { PROBES } from './probes';
import type { Recording } from './recordings';

/** The version of the report's form; the emulator reads it. */
export const SCHEMA = 'azure-check/1';

/** One assumption, and what Azure said to it. */
export interface AssumptionReport {
  name: string;
  assumed: unknown;
  measured?: Measured;
  verdict: 'agrees' | 'differs' | 'unknown' | 'not asked';
  /** Why it is unknown, or not asked. */
  why?: string;
  probe?: string;
}

export interface Report {
  schema: typeof SCHEMA;
  cloud: string;
  location: string;
  startedAt: string;
  endedAt: string;
  assumptions: AssumptionReport[];
  contract: ContractOutcome[];
  recordings: Recording[];
  /** What `azure-emulator --assumptions` starts with: the assumptions that differ. */
  emulator: Record<string, unknown>;
}

const PULLS = /^pulls\.(\w+)\.(\w+)$/;
const REFUSALS = /^refusals\.(.+)$/;

/** Elsewhere, "never" cannot be set in the emulator. */
const DEFAULT_ALLOWS_NULL = new Set([
  'operationRetryAfterSeconds',
  'resourceGraphFollowDelaySeconds',
]);

const VERDICTS = new Map<boolean | undefined, AssumptionReport['verdict']>([
  [true, 'agrees'],
  [false, 'differs'],
  [undefined, 'unknown'],
]);

const constants = (): AssumptionReport[] =>
  Object.entries(CONSTANTS_NOT_ASKED).map(([name, why]) => ({
    name,
    assumed: 'a constant of assumptions.ts',
    verdict: 'not asked',
    why,
  }));

/** Every assumption that can be set in the emulator, by name, with what it assumes. */
export function assumedByName(): Map<string, unknown> {
  const { pulls, refusals: _none, ...plain } = DEFAULT_ASSUMPTIONS;
  return new Map<string, unknown>([
    ...Object.entries(plain),
    ...REVOKE_KINDS.flatMap(kind =>
      Object.entries(pulls[kind]).map(
        ([field, value]) => [`pulls.${kind}.${field}`, value] as const,
      ),
    ),
    ...Object.entries(assumedRefusals()).map(
      ([name, refusal]) => [`refusals.${name}`, refusal] as const,
    ),
  ]);
}

export function makeReport(
  facts: Pick<Report, 'cloud' | 'location' | 'startedAt' | 'endedAt'>,
  results: Readonly<Record<string, ProbeResult>>,
): Report {
  const assumptions = [...assumedByName()].map(([name, assumed]) =>
    reportOf(name, assumed, results),
  );
  const all = Object.values(results);
  return {
    schema: SCHEMA,
    ...facts,
    assumptions: [...assumptions, ...constants()],
    contract: all.flatMap(({ contract }) => contract),
    recordings: all.flatMap(({ recordings }) => recordings),
    emulator: emulatorOf(assumptions),
  };
}

function reportOf(
  name: string,
  assumed: unknown,
  results: Readonly<Record<string, ProbeResult>>,
): AssumptionReport {
  const probe = PROBES.find(({ about }) => about.includes(name));
  if (!probe) {
    const refusal = REFUSALS.exec(name)?.[1] ?? '';
    const why = REFUSALS_NOT_ASKED[refusal];
    return { name, assumed, verdict: 'not asked', why };
  }
  const result = results[probe.id];
  const measured: Measured = result?.measured[name] ?? {
    unknown: result?.failed ?? 'it was not asked',
  };
  // Of a refusal, what is measured is how it differs.
  const verdict = agrees(REFUSALS.test(name) ? {} : assumed, measured);
  return {
    name,
    assumed,
    measured,
    verdict: VERDICTS.get(verdict)!,
    ...('unknown' in measured && { why: measured.unknown }),
    probe: probe.id,
  };
}

function emulatorOf(assumptions: AssumptionReport[]) {
  const emulator: Record<string, any> = {};
  for (const { name, measured, verdict } of assumptions) {
    if (verdict !== 'differs' || !measured) continue;
    const setting = settingOf(measured);
    const [, kind, field] = PULLS.exec(name) ?? [];
    const [, refusal] = REFUSALS.exec(name) ?? [];
    if (kind) {
      emulator.pulls = {
        ...emulator.pulls,
        [kind]: { ...emulator.pulls?.[kind], [field]: setting },
      };
    } else if (refusal) {
      emulator.refusals = { ...emulator.refusals, [refusal]: setting };
    } else if (setting !== null || DEFAULT_ALLOWS_NULL.has(name)) {
      emulator[name] = setting;
    }
  }
  return emulator;
}

/** The report for a person: what differs, what is not known, and the count of the rest. */
export function inLines({ assumptions, contract }: Report): string[] {
  const of = (verdict: AssumptionReport['verdict']) =>
    assumptions.filter(each => each.verdict === verdict);
  const broken = contract.filter(({ kept }) => !kept);
  return [
    ...of('differs').map(
      ({ name, assumed, measured }) =>
        `differs  ${name}: ${words(measured!)}${
          REFUSALS.test(name) ? '' : `, assumed ${JSON.stringify(assumed)}`
        }`,
    ),
    ...of('unknown').map(({ name, why }) => `unknown  ${name}: ${why}`),
    ...broken.map(({ name, why }) => `broken   ${name}: ${why}`),
    `${of('agrees').length} agree, ${of('differs').length} differ, ${
      of('unknown').length
    } are unknown, ${of('not asked').length} were not asked; ${
      contract.length - broken.length
    } of ${contract.length} promises of azure/ are kept.`,
  ];
}

function words(measured: Measured): string {
  if ('value' in measured) return JSON.stringify(measured.value);
  if ('unknown' in measured) return measured.unknown;
  const { atLeast, atMost } = measured.seconds;
  return atMost === null
    ? `not within ${atLeast} s`
    : `${atLeast} to ${atMost} s`;
}
