import {
  nearestWord,
  orList,
  unknownSetting,
} from 'backstage-plugin-acr-cmk-common';
import type { z } from 'zod/v4';
import {
  CREDENTIAL_FIELDS,
  CREDENTIAL_KINDS,
  noKind,
  withKind,
} from './credentials';
import { removedSetting } from './removedSettings';
import { isPrivateKey, shown } from './values';

/** A place in the configuration, such as `acrCmk.scopes[0]`. */
const placeOf = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (at, part) =>
      typeof part === 'number' ? `${at}[${part}]` : `${at}.${String(part)}`,
    'acrCmk',
  );

/** Place of any entry of a list: `acrCmk.scopes[]`. */
const anyEntry = (place: string) => place.replace(/\[\d+\]/g, '[]');

/** A problem of one setting. */
interface Problem {
  message: string;
  /** Setting that an unknown key is most likely a misspelling of. */
  meant?: string;
  /** Missing setting. */
  missing?: string;
}

/** Whether a value is short, as a text or a number is, so that a message may repeat it. */
const isWritable = (input: unknown) => typeof input !== 'object';

/** Whether a value must not be shown: a secret, a block that may hold one, or a private key in a wrong place. */
const isSecret = (place: string, input: unknown) =>
  place.startsWith('acrCmk.azure.credentials') ||
  /\.signingKey$/.test(place) ||
  (!isWritable(input) && /^acrCmk(\.azure|\.audit(\.\w+)?)?$/.test(place)) ||
  isPrivateKey(JSON.stringify(input));

const JOB = /^acrCmk\.azure\.credentials\.\w+$/;

function unknownKeys(
  { parent, keys }: { parent: string; keys: readonly string[] },
  input: unknown,
  settings: readonly string[],
): Problem[] {
  const siblings = settings
    .filter(setting => setting.startsWith(`${anyEntry(parent)}.`))
    .map(setting => setting.slice(anyEntry(parent).length + 1))
    .filter(rest => !/[.[]/.test(rest));
  return keys.map(key => {
    const kinds = JOB.test(parent) ? CREDENTIAL_FIELDS.get(key) : undefined;
    if (kinds) {
      const { kind } = withKind(input) as { kind: string };
      return {
        message: `${parent}.${key} does not go with kind ${kind}, but with ${orList(
          kinds,
        )}. Leave one of the two out`,
      };
    }
    const removed = removedSetting(`${parent}.${key}`);
    return removed
      ? { message: removed }
      : unknownSetting({ parent, key }, siblings, settings);
  });
}

/** The value at a path. */
const valueAt = (root: unknown, path: readonly PropertyKey[]) =>
  path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown>)?.[part],
    root,
  );

/** Problems, safe to log: the key, its value unless that is secret, and what it must be. */
export function problemsIn(
  error: z.ZodError,
  root: unknown,
  settings: readonly string[],
): string[] {
  const problems = error.issues.flatMap(issue =>
    problemsOf(issue, root, settings),
  );
  // A misspelled key is not reported as missing too.
  const meant = new Set(problems.map(problem => problem.meant));
  return problems
    .filter(({ missing }) => missing === undefined || !meant.has(missing))
    .map(({ message }) => message);
}

function problemsOf(
  issue: z.core.$ZodIssue,
  root: unknown,
  settings: readonly string[],
): Problem[] {
  const place = placeOf(issue.path);
  const input = valueAt(root, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return unknownKeys({ parent: place, keys: issue.keys }, input, settings);
  }
  if (issue.code === 'custom' && issue.params?.unknown) {
    const { unknown, known } = issue.params;
    return (unknown as string[]).map(key =>
      unknownSetting({ parent: place, key }, known, []),
    );
  }
  if (issue.code === 'invalid_union') {
    return unknownKind(issue.path, root, settings);
  }
  if (input === undefined) {
    return [
      {
        message: `${place} is missing; it ${mustBe(
          issue,
        )}. If it comes from an environment variable, that variable is not set`,
        missing: place,
      },
    ];
  }
  if (input === '') {
    return [
      {
        message: `${place} is empty; it ${mustBe(
          issue,
        )}. If it comes from an environment variable, that variable is empty`,
      },
    ];
  }
  if (issue.code === 'custom' && !isWritable(input)) {
    return [{ message: `${place} ${issue.message}` }];
  }
  const is = isSecret(place, input) ? 'is wrong' : `is ${shown(input)}`;
  return [
    {
      message: `${place} ${is}; it ${mustBe(issue)}${suggestion(issue, input)}`,
    },
  ];
}

function mustBe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') {
    return `must be ${orList(issue.values.map(String))}`;
  }
  if (issue.code === 'invalid_type') {
    const names: Record<string, string> = {
      array: 'a list',
      object: 'a block of settings',
    };
    return `must be ${names[issue.expected] ?? issue.expected}`;
  }
  return issue.message;
}

function suggestion(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code !== 'invalid_value' || typeof input !== 'string') return '';
  const word = nearestWord(input, issue.values.map(String));
  return word ? `. Did you mean ${word}?` : '';
}

/** An entry of `acrCmk.azure.credentials` without a kind, or with an unknown one. */
function unknownKind(
  path: readonly PropertyKey[],
  root: unknown,
  settings: readonly string[],
): Problem[] {
  const entryPath = path[path.length - 1] === 'kind' ? path.slice(0, -1) : path;
  const entry = valueAt(root, entryPath) as { kind?: unknown };
  const place = placeOf(entryPath);
  const unknown = Object.keys(entry).filter(key => !CREDENTIAL_FIELDS.has(key));
  if (unknown.length > 0) {
    return unknownKeys({ parent: place, keys: unknown }, entry, settings);
  }
  if (entry.kind === undefined) return [{ message: noKind(place, entry) }];
  const word = nearestWord(String(entry.kind), CREDENTIAL_KINDS);
  return [
    {
      message: `${place}.kind must be ${orList(CREDENTIAL_KINDS)}${
        word ? `. Did you mean ${word}?` : ''
      }`,
    },
  ];
}
