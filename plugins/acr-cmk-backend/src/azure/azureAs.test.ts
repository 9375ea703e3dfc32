import { azureAs } from './azureAs';
import type { AzurePorts, CredentialName } from './ports';

const CREDENTIALS: CredentialName[] = ['read', 'rotate', 'revoke', 'provision'];

/** Ports that record what they are called with. */
function recorder() {
  const calls: { method: string; args: unknown[] }[] = [];
  const ports = new Proxy(
    {},
    {
      get: (_ports, port) =>
        new Proxy(
          {},
          {
            get:
              (_port, method) =>
              (...args: unknown[]) => {
                calls.push({
                  method: `${String(port)}.${String(method)}`,
                  args,
                });
              },
          },
        ),
    },
  ) as AzurePorts;
  return { calls, ports };
}

/** Methods that use the read credential, or none, in every step. */
const ALWAYS_READ = [
  'registries.get',
  'registries.regions',
  'registries.testPull',
  'vaults.get',
  'keys.get',
  'access.assignmentsFor',
  'identities.get',
];

describe('the ports of one credential', () => {
  const { ports } = recorder();
  const names = Object.entries(azureAs(ports, 'read')).flatMap(
    ([port, methods]) =>
      Object.keys(methods).map(method => [port, method] as const),
  );

  it.each(names)('%s.%s is called with that credential', (port, method) => {
    for (const credential of CREDENTIALS) {
      const { calls, ports: recorded } = recorder();
      const bound = azureAs(recorded, credential) as Record<string, any>;
      const { length } = bound[port][method];
      const args = Array.from({ length }, (_, n) => `argument ${n}`);
      bound[port][method](...args);
      const name = `${port}.${method}`;
      const passed = ALWAYS_READ.includes(name) ? args : [...args, credential];
      expect(calls).toEqual([{ method: name, args: passed }]);
    }
  });

  it('lists no subscription and asks for no rights', () => {
    expect(names.map(([, method]) => method)).not.toContain(
      'listBySubscription',
    );
    expect(names.length).toBeGreaterThan(ALWAYS_READ.length);
  });
});
