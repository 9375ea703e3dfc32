import type { Page } from '@playwright/test';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { campaignTests } from './campaigns';
import { type Portal, test as base } from './support';
import { startFleet } from './support/fleet';

/**
 * Pictures of a campaign over the pinned registries of a fleet, by station and stage, wide and narrow. They are made
 * on demand and not kept, except the one of the last stage, which docs/campaigns.md shows.
 */
const root = join(__dirname, '../../..');
const folder = join(root, '.screenshots');
const KEPT = 'campaign-running-1400';
const FLEET = 380;
const WIDTHS = [360, 1400];

const test = base.extend<{}, { portal: Portal }>({
  portal: [
    async ({}, provide) => {
      const portal = await startFleet('portal-campaign', FLEET, {
        acrCmk_approvals_rotate: 'required',
      });
      await provide(portal);
      await portal.stop();
    },
    { scope: 'worker', timeout: 600_000 },
  ],
});

async function look(station: string, page: Page) {
  mkdirSync(folder, { recursive: true });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const name = `campaign-${station}-${width}`;
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    if (name === KEPT) {
      copyFileSync(path, join(root, 'docs/images/campaign.png'));
    }
  }
}

campaignTests(test, look);
