import { AzureError } from '../../azure/AzureError';
import {
  SCOPE,
  refused,
  fails,
  portsWith,
  linesOf,
  verdictOf,
  GROUP,
} from '../__testUtils__/doctorWorld';

/** The checks that look at what is in the scopes. */
const OF_SCOPES = [
  'configuration',
  'scopes',
  'providers',
  'rights',
  'vault-network',
  'resource-graph',
];

it.each(OF_SCOPES)(
  '%s says that nobody knows what is below management groups, alone and beside other scopes',
  async id => {
    const lines = await linesOf(id, portsWith({ acrCmk: { scopes: [GROUP] } }));
    expect(lines).toEqual([
      expect.objectContaining({
        status: 'unknown',
        message: expect.stringContaining('below the management groups'),
      }),
    ]);
    const beside = await linesOf(
      id,
      portsWith({ acrCmk: { scopes: [SCOPE, GROUP] } }),
    );
    expect(beside[0].status).toBe('ok');
    expect(beside.at(-1)).toEqual(lines[0]);
    const known = await linesOf(
      id,
      portsWith({
        acrCmk: { scopes: [SCOPE, GROUP] },
        groupsNotKnown: [],
      }),
    );
    expect(known.every(({ status }) => status === 'ok')).toBe(true);
    const inPart = await linesOf(
      id,
      portsWith({
        acrCmk: { scopes: [SCOPE, GROUP] },
        groupsNotKnown: [],
        groupsInPart: ['contoso'],
      }),
    );
    expect(inPart).toEqual([
      ...known,
      expect.objectContaining({
        status: 'unknown',
        message: expect.stringMatching(/Only readable subscriptions.*contoso/),
        remedy: expect.stringContaining("Azure's role Reader"),
      }),
    ]);
  },
);

it.each(OF_SCOPES)('%s is not fine without a scope', async id => {
  const { status } = await verdictOf(id, portsWith({ acrCmk: { scopes: [] } }));
  expect(status).toBe(id === 'configuration' ? 'failed' : 'unknown');
});

it.each(OF_SCOPES.filter(id => id !== 'configuration'))(
  '%s asks nothing of Azure without a token, and says so once for each job',
  async id => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return [];
    };
    const lines = await linesOf(
      id,
      portsWith({
        acrCmk: { scopes: [SCOPE, `${SCOPE}-2`] },
        token: fails(refused('AADSTS7000215')),
        permissions: ask,
        registrationState: async () => {
          asked += 1;
          return 'Registered';
        },
        reachVault: async () => {
          asked += 1;
        },
      }),
    );
    const jobs = lines.flatMap(({ message }) =>
      message.endsWith(
        ': skipped, because Microsoft Entra gives the credential no token.',
      )
        ? [message.split(':')[0]]
        : [],
    );
    expect(jobs).toEqual(
      {
        rights: ['read', 'rotate'],
        'vault-network': ['rotate'],
      }[id] ?? ['read'],
    );
    expect(lines.map(({ status }) => status)).toEqual(
      jobs.map(() => 'unknown'),
    );
    expect(asked).toBe(0);
  },
);

it.each<[AzureError['kind'], string]>([
  ['denied', 'docs/roles/'],
  ['not-found', 'Correct the scope in acrCmk.scopes.'],
  ['unavailable', 'Check that this machine reaches Azure'],
])('the remedy for %s of a scope is: %s', async (kind, remedy) => {
  const world = {
    registries: fails(refused('Code', kind)),
    permissions: fails(refused('Code', kind)),
    graph: fails(refused('Code', kind)),
  };
  for (const id of ['scopes', 'rights', 'resource-graph']) {
    const found = await verdictOf(id, portsWith(world));
    expect(found.remedy).toContain(remedy);
  }
});
