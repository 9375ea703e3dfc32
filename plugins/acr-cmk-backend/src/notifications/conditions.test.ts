import { findingRules } from '../domain/findings';
import { conditionsOf } from './conditions';
import { CONDITION_KINDS, type JudgedRegistry } from './kinds';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const DAY_MS = 24 * 60 * 60_000;

const registry = (change: Partial<JudgedRegistry> = {}): JudgedRegistry => ({
  findings: [],
  undecided: [],
  vaultHost: 'kv1.vault.azure.net',
  keyName: 'shop',
  versionInUse: 'a',
  identity: 'system',
  ...change,
});
const conditions = new Set(
  Object.values(CONDITION_KINDS).map(({ condition }) => condition),
);
const of = (name: string, change: Partial<JudgedRegistry>) =>
  conditionsOf(registry(change), NOW).find(
    ({ condition }) => condition === name,
  );

describe('what holds of a registry', () => {
  it.each([
    ['far away', 31 * DAY_MS, 'absent'],
    ['30 days and a moment away', 30 * DAY_MS + 1, 'absent'],
    ['30 days away', 30 * DAY_MS, ['expires', 1, 30]],
    ['7 days and a moment away', 7 * DAY_MS + 1, ['expires', 1, 30]],
    ['7 days away', 7 * DAY_MS, ['expires', 2, 7]],
    ['a day away', DAY_MS, ['expires', 3, 1]],
    ['a moment away', 1, ['expires', 3, 1]],
    ['now', 0, ['expired', 4, undefined]],
    ['past', -DAY_MS, ['expired', 4, undefined]],
  ] as const)('with an expiry %s', (_text, left, expected) => {
    const found = of('expiry', { expiresAt: NOW + left });
    expect(
      found?.verdict === 'holds'
        ? [found.kind, found.level, found.details.days]
        : found?.verdict,
    ).toEqual(expected);
  });

  it.each(
    Object.entries(CONDITION_KINDS).flatMap(([kind, { condition, stage }]) =>
      // What has stages depends on time: the expiry, above.
      stage
        ? []
        : findingRules
            .filter(({ notifies }) => notifies === condition)
            .map(({ id }) => [kind, id, condition]),
    ),
  )('%s by the finding %s', (kind, finding, condition) => {
    expect(of(condition, { findings: [finding] })).toMatchObject({ kind });
  });

  it('names the conditions that rules notify of, and no others', () => {
    expect(conditions).toEqual(
      new Set(findingRules.flatMap(({ notifies }) => notifies ?? [])),
    );
  });

  it.each([...conditions])('%s is absent, or unknown', condition => {
    expect(of(condition, {})?.verdict).toBe('absent');
    const undecided = findingRules
      .filter(({ notifies }) => notifies === condition)
      .map(({ id }) => id);
    expect(of(condition, { undecided })?.verdict).toBe('unknown');
  });

  it.each([
    ['expiry', { expiresAt: NOW }, { versionInUse: 'b' }],
    ['behind', { findings: ['key-behind'] }, { behindSince: NOW }],
    ['pinned-key-trap', { findings: ['pinned-key-trap'] }, { keyName: 'b' }],
    [
      'identity-detached',
      { findings: ['identity-detached'] },
      { identity: 'b' },
    ],
    ['firewall-closed', { findings: ['vault-firewall'] }, { vaultHost: 'b' }],
  ])('%s of another subject is another one', (name, change, other) => {
    const subject = (more: Partial<JudgedRegistry>) => {
      const found = of(name, { ...change, ...more });
      return found?.verdict === 'holds' ? found.subject : undefined;
    };
    expect(subject({})).toBeDefined();
    expect(subject(other)).not.toBe(subject({}));
  });

  it.each([...conditions])('%s is about one thing, not about all', name => {
    const findings = findingRules
      .filter(({ notifies }) => notifies === name)
      .map(({ id }) => id);
    const others: Partial<JudgedRegistry>[] = [
      { vaultHost: 'b' },
      { keyName: 'b' },
      { versionInUse: 'b' },
      { identity: 'b' },
    ];
    const subjects = [{}, ...others].map(other => {
      const found = of(name, { findings, expiresAt: NOW, ...other });
      return found?.verdict === 'holds' ? found.subject : undefined;
    });
    expect(subjects).not.toContain(undefined);
    expect(new Set(subjects).size).toBeGreaterThan(1);
  });
});
