import { ConfigReader } from '@backstage/config';
import { openSqlite } from '../../__testUtils__/databases';
import { credentialsOf } from '../../__testUtils__/engine';
import { SCOPES } from '../../__testUtils__/demoWorld';
import { registryId, startPortal } from '../../__testUtils__/portal';
import { Backends, readConfig } from '../../platform/config';
import { DatabaseClock } from '../../platform/database/clock';
import { silentLogger } from '../../__testUtils__/engine';

describe('a second backend on the same database, which requires a second person', () => {
  it('has this backend ask for one, too, as the log and the doctor say', async () => {
    const db = await openSqlite();
    const portal = await startPortal({ db });
    const acrCmk = {
      scopes: SCOPES,
      azure: { credentials: credentialsOf(portal.azure) },
      approvals: { rotate: 'required' },
    };
    const other = new Backends({
      db,
      clock: new DatabaseClock(db),
      config: readConfig(new ConfigReader({ acrCmk } as never)),
      logger: silentLogger,
    });
    const rotation = () =>
      portal.plan('orders-images', registryId('ordersimages'), {
        kind: 'rotate',
      });
    expect((await rotation()).approval.required).toBe(false);

    await other.announce();
    const { approval } = await rotation();
    expect(approval.required).toBe(true);
    expect(JSON.stringify(approval)).toContain('acrCmk.approvals.rotate');
    const { checks } = (await portal.request('GET', '/v1/doctor')).body;
    expect(JSON.stringify(checks)).toContain(
      'have different settings: acrCmk.approvals.rotate is',
    );

    await other.leave();
    expect((await rotation()).approval.required).toBe(false);
    await portal.stop();
  });
});
