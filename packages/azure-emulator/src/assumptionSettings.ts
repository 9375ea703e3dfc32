import { Assumptions, DEFAULT_ASSUMPTIONS } from './assumptions';

/** Whether a value is allowed, and what is. */
interface Rule {
  allows(value: unknown): boolean;
  expected: string;
}

const seconds: Rule = {
  allows: value =>
    typeof value === 'number' && Number.isFinite(value) && value >= 0,
  expected: 'a number of seconds, 0 or more',
};
const flag: Rule = {
  allows: value => typeof value === 'boolean',
  expected: 'true or false',
};
const oneOf = (...words: (string | number)[]): Rule => ({
  allows: value => words.includes(value as string),
  expected: `one of ${words.join(', ')}`,
});

const RULES: { [Name in keyof Assumptions]: Rule } = {
  resourceGraphDelaySeconds: seconds,
  resourceGraphShowsVersionInUse: flag,
  resourceGraphFollowDelaySeconds: {
    allows: value => value === null || seconds.allows(value),
    expected: `${seconds.expected}, or null`,
  },
  resourceChangesDelaySeconds: seconds,
  resourceGraphPaging: oneOf(
    'exact',
    'losing',
    'doubling',
    'looping',
    'shrinking',
  ),
  eventDelaySeconds: seconds,
  eventDelivery: oneOf('once', 'twice', 'reversed'),
  deliveryTokenVersion: oneOf(1, 2),
  resourceGraphCannotIndex: {
    allows: value =>
      Array.isArray(value) && value.every(each => typeof each === 'string'),
    expected: 'a list of names or ids',
  },
};

/** The assumptions of one emulator: what it was started with, and what was changed since. */
export class AssumptionSettings {
  private present: Assumptions;
  private readonly initial: Assumptions;

  constructor(changed: Partial<Assumptions> = {}) {
    this.initial = { ...DEFAULT_ASSUMPTIONS, ...checked(changed) };
    this.present = this.initial;
  }

  get current(): Assumptions {
    return this.present;
  }

  /** Throws an error that names the assumption when it is unknown or its value is not allowed. */
  change(changed: Partial<Assumptions>) {
    this.present = { ...this.present, ...checked(changed) };
  }

  reset() {
    this.present = this.initial;
  }
}

function checked(changed: Partial<Assumptions>): Partial<Assumptions> {
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
