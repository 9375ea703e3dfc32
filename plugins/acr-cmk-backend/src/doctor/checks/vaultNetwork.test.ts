import {
  SCOPE,
  refused,
  fails,
  portsWith,
  linesOf,
  verdictOf,
  GROUP,
  SHOP_VAULT,
} from '../__testUtils__/doctorWorld';

it('does not call a vault misspelt that may be where nobody has looked', async () => {
  for (const world of [
    { vaults: fails(refused('AuthorizationFailed')) },
    { acrCmk: { scopes: [SCOPE, GROUP], vaults: ['kv-elsewhere'] } },
  ]) {
    const lines = await linesOf('vault-network', portsWith(world));
    expect(lines.map(({ status }) => status)).not.toContain('warning');
    expect(lines.at(-1)!.status).toBe('unknown');
  }
});

it('tries the network with another credential when one gets no token', async () => {
  const credential = { kind: 'system-assigned-identity' };
  const { status } = await verdictOf(
    'vault-network',
    portsWith({
      acrCmk: {
        azure: {
          credentials: {
            read: credential,
            rotate: credential,
            revoke: credential,
          },
        },
      },
      token: async job => {
        if (job === 'rotate') throw refused('AADSTS7000215');
      },
    }),
  );
  expect(status).toBe('ok');
});

it('shows the vaults that do not answer before those that do, and calls the rest what it is', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `kv-${index}`);
  const world = {
    acrCmk: { vaults: names },
    registries: async () => [],
    vaults: async () =>
      names.map(name => ({ ...SHOP_VAULT, id: `/${name}`, name })),
  };
  const fine = await linesOf('vault-network', portsWith(world));
  expect(new Set(fine.map(({ status }) => status))).toEqual(new Set(['ok']));
  let asked = 0;
  const oneWrong = await linesOf(
    'vault-network',
    portsWith({
      ...world,
      reachVault: async () => {
        asked += 1;
        if (asked === 25) throw refused('ForbiddenByFirewall');
      },
    }),
  );
  expect(oneWrong.map(({ status }) => status)).toEqual([
    'failed',
    ...Array(20).fill('ok'),
  ]);
});
