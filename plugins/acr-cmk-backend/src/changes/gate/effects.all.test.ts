/**
 * Effect × intent × method × settings: what each plan takes, by the gate, on registries that have their key and
 * on registries that a revoke took it from. The expected answers are the table of `__fixtures__/effects.md`, in which every effect occurs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Intent, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../__testUtils__/demoWorld';
import { startTeamGate } from '../../__testUtils__/teamGate';
import type { Requirement } from './authoritiesOf';
import { EFFECT_RULES, notifiesOf, ruleOf } from './effectRules';
import type { Verdict } from './question';
import type { TeamRequest } from './__testUtils__/requests';
import { type EntityName, idOf, IDENTITIES, KEYS } from './__testUtils__/teams';
import {
  registriesLosingKey,
  registriesRegainingKey,
} from '../../domain/effects';

jest.setTimeout(300_000);

const KINDS: Intent['kind'][] = [
  'rotate',
  'automatic-rotation',
  'revoke',
  'restore',
  'retire',
  'create-registry',
];

/** Registries by the words of the table, with the ways in which each can lose its key. */
const PLACES: [what: string, entity: EntityName, methods: RevokeMethodId[]][] =
  [
    [
      'an own key',
      'shop-images',
      [
        'role-assignment',
        'disable-version',
        'disable-all-versions',
        'delete-key',
      ],
    ],
    ['a shared key', 'shared-base', ['role-assignment', 'disable-version']],
    ['a vault with access policies', 'orders-images', ['access-policy']],
  ];

const ROTATIONS: [string, Extract<Intent, { kind: 'rotate' }>][] = [
  ['rotate', { kind: 'rotate' }],
  ['rotate, with access', { kind: 'rotate', grantAccess: true }],
  [
    'send the key again, with access',
    { kind: 'rotate', key: { kind: 'current' }, grantAccess: true },
  ],
  [
    'change the mode, with access',
    {
      kind: 'rotate',
      key: { kind: 'current', mode: 'automatic' },
      grantAccess: true,
    },
  ],
  [
    'change to an identity that has access',
    {
      kind: 'rotate',
      key: { kind: 'current' },
      identity: IDENTITIES["another identity of the team's"],
    },
  ],
  [
    'change to the system-assigned identity, with access',
    {
      kind: 'rotate',
      key: { kind: 'current' },
      identity: 'system',
      grantAccess: true,
    },
  ],
  [
    'change to a key of others, with access',
    { kind: 'rotate', key: KEYS['a foreign key'], grantAccess: true },
  ],
  [
    'change to a new key, with access',
    { kind: 'rotate', key: KEYS['a new key'], grantAccess: true },
  ],
];

/**
 * Methods for every registry, with each effect that one has. Another method with these effects takes the same; one that is
 * for some vaults alone belongs to `PLACES`.
 */
const OF_KEYS: RevokeMethodId[] = [
  'disable-version',
  'disable-all-versions',
  'delete-key',
];

/** @param model - method by which the registry's vault takes grants away */
function requests(
  model: RevokeMethodId,
  versionOf: (key: string) => string,
): [string, Intent][] {
  const methods = [model, ...OF_KEYS];
  return [
    ...ROTATIONS,
    [
      'turn on automatic rotation',
      {
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
      },
    ],
    ...methods.map((method): [string, Intent] => [
      `revoke by ${method}`,
      { kind: 'revoke', method },
    ]),
    ['restore', { kind: 'restore' }],
    ['retire a version', { kind: 'retire', version: versionOf('shopimages') }],
  ];
}

const existing = (name: string) => ({
  kind: 'existing' as const,
  keyIdentifier: `https://kv-contoso-rbac.vault.azure.net/keys/${name}`,
});

/** Registries to be created, by the key and the identity that they are to have. */
const CREATIONS: [
  string,
  Partial<Extract<Intent, { kind: 'create-registry' }>>,
][] = [
  [
    'with a new key and a new identity',
    { key: KEYS['a new key'], identity: { name: 'id-brandnew', create: true } },
  ],
  [
    'with a new key that rotates, and a new identity',
    {
      key: KEYS['a new key'],
      identity: { name: 'id-brandnew', create: true },
      rotateEveryDays: 90,
    },
  ],
  [
    'with an own key and a new identity',
    {
      key: existing('shopimages'),
      identity: { name: 'id-brandnew', create: true },
    },
  ],
  [
    'with the shared key and the identity of its registries',
    {
      key: existing('platform-shared'),
      identity: { name: 'id-platform-shared' },
    },
  ],
];

const nameOf = (id: string) => id.slice(id.lastIndexOf('/') + 1);

const inShort = ({ permission, entityRef }: Requirement) =>
  [
    permission.name.replace(/^acr-cmk\.(key\.)?/, ''),
    entityRef?.replace(/^.*\//, ''),
  ]
    .filter(Boolean)
    .join(' ');

/** The cells of one row. */
function cellsOf(verdicts: [Intent['kind'], Verdict][]): string[] {
  const [[, first]] = verdicts;
  if (first.verdict !== 'allowed') {
    return [
      first.verdict === 'refused' ? 'refused' : first.verdict,
      '',
      '',
      '',
    ];
  }
  const { draft } = first.made;
  if (
    draft.steps.length === 0 ||
    draft.checks.some(({ status }) => status === 'fail')
  ) {
    const [failed] = draft.checks.filter(({ status }) => status === 'fail');
    return [`blocked: ${failed?.id ?? 'no steps'}`, '', '', ''];
  }
  const by = verdicts.flatMap(([kind, verdict]) =>
    verdict.verdict === 'allowed' && verdict.needs.length > 0 ? [kind] : [],
  );
  const told = (['revoked', 'restored'] as const).filter(kind =>
    notifiesOf(draft.effects, kind),
  );
  return [
    first.requirements.map(inShort).sort().join(' + '),
    by.sort().join(', '),
    [
      ...[...registriesLosingKey(draft.effects)].map(id => `-${nameOf(id)}`),
      ...[...registriesRegainingKey(draft.effects)].map(id => `+${nameOf(id)}`),
    ]
      .sort()
      .join(' '),
    told.join(', '),
  ];
}

const expected = () =>
  readFileSync(join(__dirname, '__fixtures__/effects.md'), 'utf8')
    .split('\n')
    .filter(line => /^\| (?!-|registry )/.test(line))
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );

it('is as the table says for each request, after each revoke, under each setting', async () => {
  const teams = await startTeamGate();
  const rows: string[][] = [];
  const effects = new Set<string | undefined>();
  const row = async (words: [string, string, string], asked: TeamRequest) => {
    const verdicts = await teams.under(KINDS, asked);
    rows.push([...words, ...cellsOf(verdicts)]);
    for (const [, verdict] of verdicts) {
      if (verdict.verdict !== 'allowed') continue;
      const { effects: all } = verdict.made.draft;
      all.forEach(effect => effects.add(ruleOf(effect, all)?.effect));
    }
  };
  const versionOf = (key: string) =>
    teams.azure.state.key('kv-contoso-rbac', key).versions[0].version;
  try {
    for (const [what, entity, methods] of PLACES) {
      for (const revokedBy of [undefined, ...methods]) {
        await teams.startAgain();
        const at = { entity, registryId: idOf(entity), revokedBy };
        if (revokedBy)
          await teams.revoke({ ...at, intent: { kind: 'revoke' } });
        for (const [request, intent] of requests(methods[0], versionOf)) {
          await row([what, revokedBy ?? '', request], { ...at, intent });
        }
        if (entity === 'orders-images') continue;
        for (const [request, of] of CREATIONS) {
          await row(['a new registry', revokedBy ?? '', request], {
            entity: 'brand-new',
            registryId: registryId('brandnew', 'rg-platform'),
            intent: {
              kind: 'create-registry',
              location: 'westeurope',
              ...of,
            } as Intent,
          });
        }
      }
    }
  } finally {
    await teams.stop();
  }
  expect(rows).toEqual(expected());
  expect(effects).toEqual(
    new Set(
      Object.values(EFFECT_RULES)
        // No other service uses a key here: `plans/otherServices.test.ts` has that.
        .filter(rule => rule !== EFFECT_RULES['service-loses-key'])
        .map(({ effect }) => effect),
    ),
  );
});
