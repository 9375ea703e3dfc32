import {
  Assumptions,
  DEFAULT_ASSUMPTIONS,
  PullAssumption,
  REVOKE_KINDS,
  RevokeKind,
} from '../assumptions';

/** Some of the assumptions; of `pulls` only what is different. */
export type AssumptionChanges = Partial<Omit<Assumptions, 'pulls'>> & {
  pulls?: Partial<Record<RevokeKind, Partial<PullAssumption>>>;
};

/** A check of a value, and words for the values that pass. */
interface Rule {
  allows(value: unknown): boolean;
  expected: string;
}

const seconds: Rule = {
  allows: value =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0,
  expected: 'a number of seconds, 0 or more',
};
const secondsOrNull: Rule = {
  allows: value => value === null || seconds.allows(value),
  expected: `${seconds.expected}, or null`,
};
const flag: Rule = {
  allows: value => typeof value === 'boolean',
  expected: 'true or false',
};
const text: Rule = {
  allows: value => typeof value === 'string' && value !== '',
  expected: 'a text',
};
const count: Rule = {
  allows: value => Number.isInteger(value) && (value as number) > 0,
  expected: 'a whole number, 1 or more',
};
const status: Rule = {
  allows: value =>
    Number.isInteger(value) &&
    (value as number) >= 400 &&
    (value as number) < 600,
  expected: 'a status from 400 to 599',
};
const oneOf = (...words: (string | number)[]): Rule => ({
  allows: value => words.includes(value as string),
  expected: `one of ${words.join(', ')}`,
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object whose entries have known names, each with fields that have rules of their own. */
const entries = (
  isKnown: (name: string) => boolean,
  fields: Record<string, Rule>,
  expected: string,
): Rule => ({
  allows: value =>
    isRecord(value) &&
    Object.entries(value).every(
      ([name, entry]) =>
        isKnown(name) &&
        isRecord(entry) &&
        Object.entries(entry).every(
          ([field, each]) =>
            Object.hasOwn(fields, field) && fields[field].allows(each),
        ),
    ),
  expected,
});

const RULES: { [Name in keyof Assumptions]: Rule } = {
  followDelaySeconds: seconds,
  followRetrySeconds: {
    allows: value => seconds.allows(value) && value !== 0,
    expected: 'a number of seconds, more than 0',
  },
  registryOperationSeconds: seconds,
  operationRetryAfterSeconds: secondsOrNull,
  operationRunningStatus: text,
  roleAssignmentDelaySeconds: seconds,
  roleRemovalDelaySeconds: seconds,
  accessPolicyDelaySeconds: seconds,
  userAssignedPassesBypass: flag,
  deletedKeyDelaySeconds: seconds,
  recoveredKeyDelaySeconds: seconds,
  hsmKeyWithoutPolicy: oneOf('empty', 'not-found'),
  keyPageSize: count,
  recoveredKeyKeepsRoles: flag,
  identitiesAreMerged: flag,
  revokedRegistryRefusesSignIn: flag,
  pulls: entries(
    name => REVOKE_KINDS.includes(name as RevokeKind),
    {
      stopAfterSeconds: secondsOrNull,
      returnAfterSeconds: secondsOrNull,
      status,
      code: text,
    } satisfies Record<keyof PullAssumption, Rule>,
    `an object with ${REVOKE_KINDS.join(
      ', ',
    )}, each with stopAfterSeconds, returnAfterSeconds (seconds or null), status and code`,
  ),
  resourceGraphDelaySeconds: seconds,
  resourceGraphShowsVersionInUse: flag,
  resourceGraphFollowDelaySeconds: secondsOrNull,
  resourceGraphPaging: oneOf(
    'exact',
    'losing',
    'doubling',
    'looping',
    'shrinking',
  ),
};

/** The assumptions of one emulator: what it was started with, and what was changed since. */
export class AssumptionSettings {
  private present: Assumptions;
  private readonly initial: Assumptions;

  constructor(changed: AssumptionChanges = {}) {
    this.initial = merged(DEFAULT_ASSUMPTIONS, checked(changed));
    this.present = this.initial;
  }

  get current(): Assumptions {
    return this.present;
  }

  /** Throws an error that names the assumption when it is unknown or its value is not allowed. */
  change(changed: AssumptionChanges) {
    this.present = merged(this.present, checked(changed));
  }

  reset() {
    this.present = this.initial;
  }
}

function merged(before: Assumptions, changed: AssumptionChanges): Assumptions {
  const pulls = REVOKE_KINDS.map(
    kind =>
      [kind, { ...before.pulls[kind], ...changed.pulls?.[kind] }] as const,
  );
  return {
    ...before,
    ...changed,
    pulls: Object.fromEntries(pulls) as Assumptions['pulls'],
  };
}

function checked(changed: AssumptionChanges): AssumptionChanges {
  for (const [name, value] of Object.entries(changed)) {
    const rule = Object.hasOwn(RULES, name)
      ? RULES[name as keyof Assumptions]
      : undefined;
    if (!rule) {
      throw new Error(
        `There is no assumption '${name}'. Known are ${Object.keys(RULES).join(
          ', ',
        )}.`,
      );
    }
    if (!rule.allows(value)) {
      throw new Error(`The assumption '${name}' must be ${rule.expected}.`);
    }
  }
  return changed;
}
