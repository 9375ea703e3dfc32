/** The tables of `__fixtures__/matrix.md`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { PEOPLE, POLICIES } from './teams';

type Person = keyof typeof PEOPLE;

/** The expected cells of each request, under a policy. */
export function tableOf(
  policy: keyof typeof POLICIES,
): Map<string, Record<Person, string>> {
  const text = readFileSync(
    join(__dirname, '../__fixtures__/matrix.md'),
    'utf8',
  );
  const section = text.split(/^## /m).find(one => one.startsWith(policy)) ?? '';
  const [[, ...people], , ...rows] = section
    .split('\n')
    .filter(line => line.startsWith('| '))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
  return new Map(
    rows.map(([request, ...cells]) => [
      request,
      Object.fromEntries(cells.map((cell, n) => [people[n], cell])) as Record<
        Person,
        string
      >,
    ]),
  );
}

/** Outcome of planning a request, in the words of the tables. */
export function cellOf(
  outcome:
    | Pick<Plan, 'approval' | 'blocked'>
    | { code?: string; message: string },
): string {
  if ('message' in outcome) {
    if (outcome.code === 'PERMISSION_MISSING') return 'no right';
    const closed =
      / may not (?:use the|create keys in the) (key|vault|identity) /.exec(
        outcome.message,
      );
    return closed ? `closed ${closed[1]}` : outcome.message;
  }
  const needs = (outcome.approval.needs ?? []).map(
    ({ permission, entityRef = '' }) =>
      `${permission.replace(/^acr-cmk\.(key\.)?/, '')} ${entityRef.replace(
        /^.*\//,
        '',
      )}`.trim(),
  );
  const verdict =
    needs.length === 0 ? 'yes' : `asks ${needs.sort().join(' + ')}`;
  return outcome.blocked ? `${verdict} (blocked)` : verdict;
}
