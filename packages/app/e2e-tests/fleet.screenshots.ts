import { join } from 'node:path';
import { expect, type Portal, signInAs, test as base } from './support';
import { startFleet } from './support/fleet';

const test = base.extend<{}, { portal: Portal }>({
  portal: [
    async ({}, provide) => {
      const portal = await startFleet('portal-fleet-screenshots', 60);
      await provide(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 600_000 },
  ],
});

/** The picture of docs/fleet.md: registries of a fleet that never follow their key. */
test('the fleet', async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 900 });
  await signInAs(page, 'priya', '/acr-cmk/registries?state=pinned-key-trap');
  await page.getByRole('heading', { name: /^\d+ registr/ }).waitFor();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.waitForLoadState('networkidle');
  await page.screenshot({
    path: join(__dirname, '../../../docs/images/fleet.png'),
  });
});
