import { OPEN_NETWORK } from '../../__testUtils__/encryptedRegistries';
import {
  concludePull,
  observePull,
  type PullConclusion,
  type PullEffect,
  pullEffect,
  pullInWords,
  pullsAfterRestore,
  pullsAfterRevoke,
} from './pull';
import type { PullTest } from './step';

const CLOSED_NETWORK = { ...OPEN_NETWORK, publicNetworkAccess: false };
const SELECTED = {
  ...OPEN_NETWORK,
  defaultAction: 'deny' as const,
  ipRules: ['203.0.113.7'],
};

const test = (
  how: PullTest['how'],
  status: number,
  more: Partial<PullTest> = {},
): PullTest => ({ how, status, network: OPEN_NETWORK, regions: 1, ...more });

const ANSWERS = test('anonymous', 401);
const REFUSES = test('anonymous', 403);
const PULLED = test('signed-in', 200);
const PULL_REFUSED = test('signed-in', 403);
const NOT_ADMITTED = test('anonymous', 403, { network: SELECTED });
const ADMITTED = test('anonymous', 401, { network: SELECTED });

// container-registry-vnet.md and container-registry-health-error-reference.md: 403 from outside of the network rules.
it.each<
  [
    why: string,
    now: PullTest | undefined,
    earlier: PullTest | undefined,
    PullConclusion,
  ]
>([
  ['no answer', undefined, undefined, 'not-tested'],
  ['an answer without a credential', ANSWERS, undefined, 'not-tested'],
  ['an image', PULLED, undefined, 'served'],
  ['403 of an open registry', REFUSES, undefined, 'refused'],
  ['403 after signing in', PULL_REFUSED, undefined, 'refused'],
  [
    '403 after signing in through selected networks',
    test('signed-in', 403, { network: SELECTED }),
    undefined,
    'refused',
  ],
  ['403 of selected networks', NOT_ADMITTED, undefined, 'closed'],
  [
    '403 of a closed endpoint',
    test('anonymous', 403, { network: CLOSED_NETWORK }),
    undefined,
    'closed',
  ],
  [
    '403 that names the firewall, whatever the rules say',
    test('anonymous', 403, { notAdmitted: true }),
    ANSWERS,
    'closed',
  ],
  ['403 where we were admitted before', NOT_ADMITTED, ADMITTED, 'refused'],
  [
    '403 through a private endpoint that let us in before',
    test('anonymous', 403, { network: CLOSED_NETWORK }),
    test('anonymous', 401, { network: CLOSED_NETWORK }),
    'refused',
  ],
  ['403 after the network was closed', NOT_ADMITTED, ANSWERS, 'closed'],
  ['403 as before', NOT_ADMITTED, NOT_ADMITTED, 'closed'],
  ['a failure', test('signed-in', 500), undefined, 'not-tested'],
])('%s is %o after %o: %s', (_why, now, earlier, expected) => {
  expect(concludePull(now, earlier)).toBe(expected);
});

type Row = [
  wanted: 'refused' | 'answered',
  before: PullTest | undefined,
  now: PullTest | undefined,
  effect: PullEffect,
  words: RegExp,
];

it.each<Row>([
  // A revoke.
  ['refused', ANSWERS, REFUSES, 'reached', /now refuses pulls/],
  ['refused', PULLED, PULL_REFUSED, 'reached', /now refuses pulls/],
  ['refused', PULLED, PULLED, 'not-yet', /^A pull .* works \(HTTP 200\)/],
  ['refused', ANSWERS, ANSWERS, 'not-yet', /^Pulls were not tested/],
  ['refused', ANSWERS, undefined, 'not-yet', /did not answer/],
  ['refused', REFUSES, REFUSES, 'refused-before', /as it did before/],
  ['refused', undefined, REFUSES, 'refused-before', /before is not known/],
  ['refused', NOT_ADMITTED, REFUSES, 'refused-before', /before is not known/],
  ['refused', NOT_ADMITTED, NOT_ADMITTED, 'closed', /closed to this portal/],
  ['refused', ANSWERS, NOT_ADMITTED, 'closed', /closed to this portal/],
  // A restore.
  ['answered', PULL_REFUSED, PULLED, 'reached', /^A pull .* works/],
  ['answered', REFUSES, PULLED, 'reached', /^A pull .* works/],
  ['answered', REFUSES, ANSWERS, 'reached', /no longer refuses every request/],
  ['answered', REFUSES, REFUSES, 'not-yet', /still refuses pulls/],
  ['answered', PULL_REFUSED, PULL_REFUSED, 'not-yet', /still refuses pulls/],
  ['answered', REFUSES, undefined, 'not-yet', /did not answer/],
  // The same 401 before and after proves nothing.
  ['answered', ANSWERS, ANSWERS, 'not-allowed', /not tested/],
  ['answered', undefined, ANSWERS, 'not-allowed', /not tested/],
  ['answered', PULL_REFUSED, ANSWERS, 'not-allowed', /not tested/],
  ['answered', NOT_ADMITTED, NOT_ADMITTED, 'closed', /closed to this portal/],
  ['answered', NOT_ADMITTED, ADMITTED, 'not-allowed', /not tested/],
])('%s: from %o to %o is %s', (wanted, before, now, effect, words) => {
  expect(pullEffect(wanted, { before, now })).toBe(effect);
  const inWords = wanted === 'refused' ? pullsAfterRevoke : pullsAfterRestore;
  expect(inWords({ before, now })).toMatch(words);
});

it.each([ANSWERS, ADMITTED, test('anonymous', 200)])(
  'never takes an answer to a request without a credential for a pull: %o',
  answer => {
    for (const text of [
      pullInWords(answer),
      pullsAfterRevoke({ before: answer, now: answer }),
      pullsAfterRestore({ before: answer, now: answer }),
    ]) {
      expect(text).toMatch(/pulls were not tested/i);
      expect(text).not.toMatch(/serve|works \(/);
    }
  },
);

it('says of each answer which request got it', () => {
  expect([ANSWERS, PULLED, undefined].map(of => observePull(of).value)).toEqual(
    [
      'HTTP 401 (GET /v2/ without a credential)',
      'HTTP 200 (manifest of an image, with the read credential)',
      'could not be tested',
    ],
  );
});

describe('a registry with replications', () => {
  const of = (pull: PullTest, regions?: number) => ({ ...pull, regions });

  it.each<[words: string, of: (regions?: number) => string]>([
    [
      'The registry now refuses pulls (HTTP 403)',
      regions =>
        pullsAfterRevoke({ before: PULLED, now: of(REFUSES, regions) }),
    ],
    [
      'The registry refuses pulls (HTTP 403), as it did before,',
      regions =>
        pullsAfterRevoke({ before: REFUSES, now: of(REFUSES, regions) }),
    ],
    [
      'a pull with the read credential works (HTTP 200)',
      regions => pullInWords(of(PULLED, regions)),
    ],
    [
      'a pull with the read credential is refused (HTTP 403)',
      regions => pullInWords(of(PULL_REFUSED, regions)),
    ],
    [
      'the registry refuses every request (HTTP 403)',
      regions => pullInWords(of(REFUSES, regions)),
    ],
    [
      'A pull with the read credential works (HTTP 200)',
      regions =>
        pullsAfterRestore({ before: REFUSES, now: of(PULLED, regions) }),
    ],
    [
      'The registry no longer refuses every request',
      regions =>
        pullsAfterRestore({ before: REFUSES, now: of(ANSWERS, regions) }),
    ],
  ])('is tested in one region: %s', (words, textOf) => {
    expect(textOf(4)).toBe(
      `${words} in one of 4 regions; the others are not known`,
    );
    expect(textOf(undefined)).toBe(
      `${words} in one region; whether there are others is not known`,
    );
    expect(textOf(1)).toBe(words.replace(/,$/, ''));
  });

  it.each<[words: RegExp, text: string]>([
    [
      /403\) in one of 4 regions; the others are not known\. Whether it did before/,
      pullsAfterRevoke({ now: of(REFUSES, 4) }),
    ],
    [
      /\(HTTP 200\) in one of 4 regions; the others are not known\. When the registry/,
      pullsAfterRevoke({ before: PULLED, now: of(PULLED, 4) }),
    ],
    [
      /403\) in one of 4 regions; the others are not known\. It is tested/,
      pullsAfterRestore({ before: REFUSES, now: of(REFUSES, 4) }),
    ],
  ])('is tested in one region: %s', (words, text) => {
    expect(text).toMatch(words);
  });
});
