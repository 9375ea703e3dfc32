/** Everything that the matrix asks for: each intent, with each key and each identity. */
import type { Intent, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../../__testUtils__/demoWorld';
import { type EntityName, IDENTITIES, idOf, KEYS } from './teams';

/** A request for `registryId`, made on `entity`. */
export interface TeamRequest {
  entity: string;
  registryId: string;
  intent: Intent;
  /** The registry has lost its key by this before. */
  revokedBy?: RevokeMethodId;
}

const on = (
  entity: EntityName,
  intent: Intent,
  more?: Pick<TeamRequest, 'revokedBy'>,
): TeamRequest => ({ entity, registryId: idOf(entity), intent, ...more });

const OWN = 'shop-images';
const SHARED = 'shared-base';
const WHOSE = { [OWN]: 'an own key', [SHARED]: 'a shared key' } as const;

function rotations(): [string, TeamRequest][] {
  const to: [string, Partial<Extract<Intent, { kind: 'rotate' }>>][] = [
    ['', {}],
    ...Object.entries(KEYS)
      .slice(1)
      .map(
        ([what, key]) =>
          [` to ${what}`, { key, grantAccess: true }] as [string, object],
      ),
  ];
  const by: [string, { identity?: string; grantAccess?: true }][] = [
    ['', {}],
    ...Object.entries(IDENTITIES).map(
      ([what, identity]) =>
        [`, by ${what}`, { identity, grantAccess: true }] as [string, object],
    ),
  ];
  return [OWN, SHARED].flatMap(entity =>
    to.flatMap(([key, withKey]) =>
      by.map(([identity, withIdentity]): [string, TeamRequest] => [
        `rotate ${WHOSE[entity as 'shop-images']}${key}${identity}`,
        on(entity as EntityName, {
          kind: 'rotate',
          ...withKey,
          ...withIdentity,
        }),
      ]),
    ),
  );
}

function automations(): [string, TeamRequest][] {
  return ([OWN, SHARED] as const).map((entity): [string, TeamRequest] => [
    `set up automatic rotation of ${WHOSE[entity]}`,
    on(entity, {
      kind: 'automatic-rotation',
      rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
    }),
  ]);
}

function removals(versionOf: (key: string) => string): [string, TeamRequest][] {
  return ([OWN, SHARED] as const).flatMap((entity): [string, TeamRequest][] => [
    ...(
      [
        ['', undefined],
        [' by its versions', 'disable-all-versions'],
        [' by deleting the key', 'delete-key'],
      ] as const
    ).map(([how, method]): [string, TeamRequest] => [
      `revoke ${WHOSE[entity]}${how}`,
      on(entity, { kind: 'revoke', ...(method && { method }) }),
    ]),
    [
      `retire a version of ${WHOSE[entity]}`,
      on(entity, {
        kind: 'retire',
        version: versionOf(entity === OWN ? 'shopimages' : 'platform-shared'),
      }),
    ],
    ...(['role-assignment', 'disable-version'] as const).map(
      (revokedBy): [string, TeamRequest] => [
        `restore ${WHOSE[entity]} after a revoke by ${revokedBy}`,
        on(entity, { kind: 'restore' }, { revokedBy }),
      ],
    ),
  ]);
}

function creations(): [string, TeamRequest][] {
  const create = (entity: string, key: object, identity: object) =>
    ({
      entity,
      registryId: registryId('brandnew'),
      intent: {
        kind: 'create-registry',
        location: 'westeurope',
        identity,
        key,
      } as unknown as Intent,
    }) as TeamRequest;
  return [
    ...Object.entries(KEYS).flatMap(([what, key]) =>
      Object.entries({
        ...Object.fromEntries(
          Object.entries(IDENTITIES).map(([by, name]) => [by, { name }]),
        ),
        'a new identity': { name: 'id-brandnew', create: true },
      }).map(([by, identity]): [string, TeamRequest] => [
        `create a registry with ${what}, by ${by}`,
        create('brand-new', key, identity),
      ]),
    ),
    [
      'create a registry with a new key, by a new identity, for an entity of the team',
      create(OWN, KEYS['a new key'] as never, {
        name: 'id-brandnew',
        create: true,
      }),
    ],
    [
      'create a registry with a new key, by a new identity, for an entity of others',
      create('shared-tools', KEYS['a new key'] as never, {
        name: 'id-brandnew',
        create: true,
      }),
    ],
  ];
}

/** Requests by their names in the table. */
export const requestsOf = (versionOf: (key: string) => string) => [
  ...rotations(),
  ...automations(),
  ...removals(versionOf),
  ...creations(),
];
