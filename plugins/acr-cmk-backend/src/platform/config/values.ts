/**
 * Readers of single values. Backstage leaves every value that comes from an environment variable
 * a text, so booleans may be texts, as they may for Backstage itself.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { ConfigReader, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds, type JsonValue } from '@backstage/types';
import {
  isVaultName,
  KeyIdentifier,
  quote,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';
import {
  identityIdOf,
  identityIdText,
  managementGroupOf,
} from '../../azure/armIds';
import type { ManagementGroupScope, Scope } from './scope';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Fields of a duration that is written as an object. */
const DURATION_FIELDS = [
  'years',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
];

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const SCOPE =
  /^\/subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/resourceGroups\/([\w\-.()]{1,90}))?\/?$/i;

const MANAGEMENT_GROUP =
  /^\/providers\/Microsoft\.Management\/managementGroups\/([^/]+)\/?$/i;

/** Thrown by parsers of values; `value` replaces it by the message of the setting. */
class InvalidValue extends Error {}

/** A value that `parse` converts. Any error that it throws makes the value invalid. */
function value<T>(mustBe: string, parse: (input: unknown) => T) {
  return z.unknown().transform((input, context): T => {
    try {
      return parse(input);
    } catch {
      context.issues.push({ code: 'custom', message: mustBe, input });
      return z.NEVER;
    }
  });
}

/** A text that is not empty, parsed by `parse`. */
export function text<T>(mustBe: string, parse: (input: string) => T) {
  return value(mustBe, input => {
    if (typeof input !== 'string' || input.trim() === '')
      throw new InvalidValue();
    return parse(input);
  });
}

export function matching(mustBe: string, ...patterns: RegExp[]) {
  return text(mustBe, input => {
    if (!patterns.some(pattern => pattern.test(input)))
      throw new InvalidValue();
    return input;
  });
}

/** A text that is not empty, such as a secret. */
export const filled = () => text('must be a text', input => input);

export const guid = () => matching('must be a GUID', GUID);

export const tenant = () =>
  matching('must be a GUID or the domain of a tenant', GUID, DOMAIN);

/** `true` or `false`, in the spellings that Backstage takes. */
export const flag = () =>
  value('must be true or false', input => {
    const written = String(input).trim();
    if (/^(?:y|yes|true|1|on)$/i.test(written)) return true;
    if (/^(?:n|no|false|0|off)$/i.test(written)) return false;
    throw new InvalidValue();
  });

function inWords(ms: number): string {
  if (ms === 0) return '0';
  const units: [number, string][] = [
    [DAY_MS, 'day'],
    [HOUR_MS, 'hour'],
    [MINUTE_MS, 'minute'],
    [1000, 'second'],
  ];
  const [size, unit] = units.find(
    ([each]) => ms >= each && ms % each === 0,
  ) ?? [1, 'millisecond'];
  const count = ms / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A duration as Backstage writes them: `{ hours: 1 }`, `1h` or `PT1H`. In milliseconds. */
export function duration(range: { leastMs: number; mostMs: number }) {
  const mustBe = `must be ${inWords(range.leastMs)} to ${inWords(
    range.mostMs,
  )}, written as { hours: 1 }, 1h or PT1H`;
  return z.unknown().transform((input, context): number => {
    const refuse = (issue: object) => {
      context.issues.push({ input, ...issue } as never);
      return z.NEVER;
    };
    if (typeof input === 'object' && input !== null) {
      const keys = Object.keys(input).filter(
        key => !DURATION_FIELDS.includes(key),
      );
      if (keys.length > 0) {
        return refuse({
          code: 'custom',
          message: 'has unknown fields',
          params: { unknown: keys, known: DURATION_FIELDS },
        });
      }
    }
    let ms: number;
    try {
      ms = durationToMilliseconds(
        readDurationFromConfig(new ConfigReader({ it: input as JsonValue }), {
          key: 'it',
        }),
      );
    } catch {
      return refuse({ code: 'custom', message: mustBe });
    }
    return ms >= range.leastMs && ms <= range.mostMs
      ? ms
      : refuse({ code: 'custom', message: mustBe });
  });
}

/** In lower case. */
export const entityRef = () =>
  text('must be an entity ref such as resource:default/shop-images', input =>
    stringifyEntityRef(parseEntityRef(input)).toLowerCase(),
  );

export const entityRefs = () =>
  z
    .array(entityRef())
    .min(1, 'must have at least one entity ref')
    .transform(refs => new Set(refs));

/** In lower case. */
export const vaultName = () =>
  text(
    'must be the name of a vault (3 to 24 letters, digits and hyphens)',
    input => {
      if (!isVaultName(input)) throw new InvalidValue();
      return input.toLowerCase();
    },
  );

export const registryId = () =>
  text(
    'must be the ARM id of a registry, /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<name>',
    input => RegistryId.parse(input),
  );

export const keyOfAnyVersion = () =>
  text(
    'must be the URI of a key without a version, https://<vault>.vault.azure.net/keys/<key>',
    input => {
      const key = KeyIdentifier.parse(input);
      if (key.version !== undefined) throw new InvalidValue();
      return key;
    },
  );

/** In lower case. */
export const identityId = () =>
  text(
    'must be the ARM id of an identity, /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>',
    input => identityIdText(identityIdOf(input)).toLowerCase(),
  );

/** In lower case. */
export const resourceGroupId = () =>
  text(
    'must be the ARM id of a resource group, /subscriptions/<guid>/resourceGroups/<group>',
    input => {
      const match = SCOPE.exec(input);
      if (!match?.[2]) throw new InvalidValue();
      return `/subscriptions/${match[1]}/resourceGroups/${match[2]}`.toLowerCase();
    },
  );

export const scope = () =>
  text(
    'must be /subscriptions/<guid>, /subscriptions/<guid>/resourceGroups/<group> or /providers/Microsoft.Management/managementGroups/<name>',
    (input): Scope | ManagementGroupScope => {
      const group = MANAGEMENT_GROUP.exec(input);
      if (group) return { managementGroup: managementGroupOf(group[1]) };
      const match = SCOPE.exec(input);
      if (!match) throw new InvalidValue();
      return {
        subscriptionId: match[1].toLowerCase(),
        ...(match[2] ? { resourceGroup: match[2].toLowerCase() } : {}),
      };
    },
  );

/** Whether a text holds a private key in PEM, of whatever kind. */
export const isPrivateKey = (input: string) => input.includes('PRIVATE KEY');

/** An Ed25519 key in PEM. Line breaks may be written as `\n`, as in many environment variables. */
const ed25519 = (create: (pem: string) => KeyObject) => (input: string) => {
  const key = create(input.replaceAll('\\n', '\n'));
  if (key.asymmetricKeyType !== 'ed25519') throw new InvalidValue();
  return key;
};

export const ed25519Key = () =>
  text(
    'must be an Ed25519 private key in PEM; `openssl genpkey -algorithm ed25519` makes one',
    ed25519(createPrivateKey),
  );

/** A value in the form that messages show. */
export function shown(input: unknown): string {
  if (typeof input === 'string') return quote(input);
  return quote(JSON.stringify(input) ?? String(input)).slice(1, -1);
}
