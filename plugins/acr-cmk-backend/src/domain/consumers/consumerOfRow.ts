import {
  type AzureCloudName,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import type { Consumer, ConsumerIdentity, ConsumerUse } from './consumer';
import type { ConsumerType, Follows, KeyPlace } from './consumerType';
import { CONSUMER_TYPES, consumerType } from './types';

/** Row of Resource Graph about a resource that may name keys. */
export interface ConsumerRow {
  id: string;
  name: string;
  type: string;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  tags?: Record<string, string> | null;
  identity?: unknown;
  properties: unknown;
}

/** An identity of a resource. */
interface KnownIdentity extends ConsumerIdentity {
  clientId?: string;
}

type Properties = Record<string, unknown>;

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOrNone = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Value of a property, whose name is compared without case. */
function property(of: unknown, name: string): unknown {
  if (!isObject(of)) return undefined;
  const wanted = name.toLowerCase();
  const found = Object.keys(of).find(key => key.toLowerCase() === wanted);
  return found === undefined ? undefined : of[found];
}

const valueAt = (of: unknown, path: string): unknown =>
  path.split('.').reduce(property, of);

function textAt(of: unknown, path: string | undefined): string | undefined {
  return path === undefined ? undefined : textOrNone(valueAt(of, path));
}

/** Objects of the keys of a place. */
function objectsAt(properties: unknown, at: string | undefined): unknown[] {
  if (at === undefined) return [properties];
  const value = valueAt(properties, at.replace(/\[\]$/, ''));
  if (at.endsWith('[]')) return Array.isArray(value) ? value : [];
  return isObject(value) ? [value] : [];
}

/** Texts with the key URIs of an object. */
function urisOf(of: unknown, place: KeyPlace): string[] {
  if (place.uris !== undefined) {
    const uris = valueAt(of, place.uris);
    return isObject(uris) ? Object.keys(uris) : [];
  }
  const uri = textAt(of, place.uri);
  if (uri) return [uri];
  const [vault, name] = [textAt(of, place.vault), textAt(of, place.name)];
  if (!vault || !name) return [];
  const version = textAt(of, place.version);
  const key = `${vault.replace(/\/+$/, '')}/keys/${name}`;
  return [version ? `${key}/${version}` : key];
}

/** Identities of a resource: its own one and the user-assigned ones. */
function identitiesOf(identity: unknown): KnownIdentity[] {
  const own = textOrNone(property(identity, 'principalId'))?.toLowerCase();
  const userAssigned = property(identity, 'userAssignedIdentities');
  return [
    ...(own ? [{ reference: 'system', principalId: own }] : []),
    ...Object.entries(isObject(userAssigned) ? userAssigned : {}).map(
      ([id, of]): KnownIdentity => ({
        reference: id,
        principalId: textOrNone(property(of, 'principalId'))?.toLowerCase(),
        clientId: textOrNone(property(of, 'clientId'))?.toLowerCase(),
      }),
    ),
  ];
}

function identitiesAt(
  row: ConsumerRow,
  { of, place }: { of: unknown; place: string },
): ConsumerIdentity[] {
  const named = place.startsWith('/')
    ? textAt(row.properties, place.slice(1))
    : textAt(of, place === 'resource' ? undefined : place);
  const [, userAssigned] =
    /UserAssignedIdentity=([^&]+)/i.exec(named ?? '') ?? [];
  const isId = /^(\/|[0-9a-f]{8}-)/i.test(named ?? '');
  const reference = userAssigned ?? (isId ? named : undefined);
  const known = identitiesOf(row.identity);
  const found =
    reference === undefined
      ? known
      : known.filter(
          each =>
            each.reference.toLowerCase() === reference.toLowerCase() ||
            each.clientId === reference.toLowerCase(),
        );
  if (reference !== undefined && found.length === 0) return [{ reference }];
  return found.map(each => ({
    reference: each.reference,
    ...(each.principalId && { principalId: each.principalId }),
  }));
}

function followsOf(
  row: ConsumerRow,
  { key, follows }: { key: KeyIdentifier; follows: Follows },
): boolean | undefined {
  switch (follows) {
    case 'never':
      return false;
    case 'unless-versioned':
      return key.version === undefined;
    case 'unknown':
      return undefined;
    default:
      return valueAt(row.properties, follows.when) === true;
  }
}

/** Version in a text that is a version or a key URI. */
function versionOf(
  text: string | undefined,
  cloud: AzureCloudName,
): string | undefined {
  return text && /^[0-9a-f]{32}$/i.test(text)
    ? text
    : KeyIdentifier.tryParse(text, cloud)?.version;
}

function usesAt(
  row: ConsumerRow,
  { place, type }: { place: KeyPlace; type: ConsumerType },
): ConsumerUse[] {
  const objects = objectsAt(row.properties, place.at).filter(
    of => !place.enabled || valueAt(of, place.enabled) !== false,
  );
  return objects.flatMap(of =>
    urisOf(of, place).map((uri): ConsumerUse => {
      const key = KeyIdentifier.parse(uri.replace(/\/+$/, ''));
      const inUse = versionOf(textAt(of, place.versionInUse), key.cloud.name);
      const follows = followsOf(row, {
        key,
        follows: place.follows ?? type.follows,
      });
      return {
        key: inUse ? key.at(inUse) : key,
        isInUse:
          inUse !== undefined ||
          (key.version !== undefined && follows === false),
        use: place.use ?? 'current',
        ...(follows !== undefined && { follows }),
        identities: identitiesAt(row, {
          of,
          place: place.identity ?? type.identity,
        }),
      };
    }),
  );
}

/**
 * Reads a row by the description of its type. Undefined when the resource names no key.
 *
 * @throws InvalidInput for a key that cannot be understood: the resource may use any
 */
export function consumerOfRow(row: ConsumerRow): Consumer | undefined {
  const type = consumerType(row.type);
  if (!type) return undefined;
  const all = type.keys.flatMap(place => usesAt(row, { place, type }));
  // A list of all keys also has the current one.
  const uses = all.filter(
    ({ use, key }) =>
      use !== 'earlier' ||
      !all.some(other => other.use !== 'earlier' && other.key.equals(key)),
  );
  if (uses.length === 0) return undefined;
  return {
    id: row.id,
    type: row.type.toLowerCase(),
    name: row.name,
    subscriptionId: row.subscriptionId.toLowerCase(),
    resourceGroup: row.resourceGroup,
    location: row.location,
    ...(row.tags && Object.keys(row.tags).length > 0 && { tags: row.tags }),
    uses,
  };
}

/** Types of consumers, and how their rows are read. */
export const CONSUMER_QUERY = {
  types: CONSUMER_TYPES.map(({ type }) => type),
  toFacts: consumerOfRow,
};
