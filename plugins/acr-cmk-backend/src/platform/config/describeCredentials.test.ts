import { ConfigReader } from '@backstage/config';
import { describeCredentials, readConfig } from '.';

const READ = '11111111-2222-4333-8444-555555555551';
const ROTATE = '11111111-2222-4333-8444-555555555552';
const lines = (credentials?: object) =>
  describeCredentials(
    readConfig(
      new ConfigReader({ acrCmk: { azure: { credentials } } } as never),
    ).credentials,
  );

describe('the lines of the log about credentials', () => {
  it('say that nothing writes when nothing is configured', () => {
    expect(lines()).toEqual([
      'Azure credential to read registries, vaults and keys (read): the default credential chain',
      'Azure credential to rotate keys (rotate): none, so this is off. Set acrCmk.azure.credentials.rotate to turn it on',
      'Azure credential to revoke and restore access to keys (revoke): none, so this is off. Set acrCmk.azure.credentials.revoke to turn it on',
      'Azure credential to create registries (provision): none, so this is off. Set acrCmk.azure.credentials.provision to turn it on',
    ]);
  });

  it('say of each job who does it, and nothing secret', () => {
    const written = lines({
      read: { kind: 'managed-identity', clientId: READ },
      rotate: { tenantId: READ, clientId: ROTATE, clientSecret: 'hush' },
      revoke: { kind: 'workload-identity', clientId: ROTATE },
      provision: {
        tenantId: READ,
        clientId: ROTATE,
        certificatePath: '/hush.pem',
      },
    });
    expect(written).toEqual([
      `Azure credential to read registries, vaults and keys (read): managed identity, client id ${READ}`,
      `Azure credential to rotate keys (rotate): client secret, client id ${ROTATE}`,
      `Azure credential to revoke and restore access to keys (revoke): workload identity, client id ${ROTATE}`,
      `Azure credential to create registries (provision): client certificate, client id ${ROTATE}`,
    ]);
    expect(written.join()).not.toContain('hush');
  });
});
