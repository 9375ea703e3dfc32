/** Conditions of a registry, from its verdict. Pure. */
import { findingRules } from '../domain/findings';
import { CONDITION_KINDS, type JudgedRegistry, type Stage } from './kinds';

/** Verdict about one condition. */
export type ConditionVerdict =
  | { condition: string; verdict: 'unknown' | 'absent' }
  | ({
      condition: string;
      verdict: 'holds';
      kind: string;
      subject: string;
    } & Stage);

const FIRST_STAGE: Stage = { level: 0, details: {} };

/** @param now - Azure's time, epoch milliseconds */
export function conditionsOf(
  registry: JudgedRegistry,
  now: number,
): ConditionVerdict[] {
  const kinds = Object.entries(CONDITION_KINDS);
  const conditions = new Set(kinds.map(([, { condition }]) => condition));
  return [...conditions].map((condition): ConditionVerdict => {
    const ids = findingRules
      .filter(({ notifies }) => notifies === condition)
      .map(({ id }) => id);
    const isFound = ids.some(id => registry.findings.includes(id));
    if (!isFound && ids.some(id => registry.undecided.includes(id))) {
      return { condition, verdict: 'unknown' };
    }
    for (const [kind, { subject, stage, ...of }] of kinds) {
      if (of.condition !== condition) continue;
      const reached = stage ? stage(registry, now) : isFound && FIRST_STAGE;
      if (reached) {
        return {
          condition,
          verdict: 'holds',
          kind,
          subject: subject(registry),
          ...reached,
        };
      }
    }
    return { condition, verdict: 'absent' };
  });
}
