import type { Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from './support';
import { CountedPage } from './support/CountedPage';
import {
  createByTemplate,
  findAndFix,
  findWhatExpires,
  revokeAndRestore,
  revokeByTemplate,
  rotateAndGoBack,
  rotateAutomatically,
  rotateTogether,
  shareTheKey,
} from './support/journey';

/** Pictures of each station of the journey, wide and narrow. Made on demand and not kept. */
const folder = join(__dirname, '../../../.screenshots');
const WIDE = { width: 1400, height: 900 };
const NARROW = { width: 360, height: 900 };

/** A new app would start over and lose typed text, so a run uses one. */
const colorScheme: 'dark' | 'light' =
  process.env.COLOR_SCHEME === 'dark' ? 'dark' : 'light';

test.use({ colorScheme });

let taken = 0;

async function look(name: string, page: Page) {
  taken += 1;
  const station = `journey-${colorScheme}-${String(taken).padStart(
    2,
    '0',
  )}-${name}`;
  for (const size of [NARROW, WIDE]) {
    await page.setViewportSize(size);
    await page.screenshot({
      path: join(folder, `${station}-${size.width}.png`),
      animations: 'disabled',
    });
  }
}

test('the journey from template to restore', async ({ signedIn, portal }) => {
  test.setTimeout(600_000);
  mkdirSync(folder, { recursive: true });
  const traveller = {
    signedIn,
    portal,
    effort: new CountedPage(),
    look,
  };
  await createByTemplate(traveller);
  const owner = await findAndFix(traveller);
  await rotateAndGoBack(traveller, owner);
  await rotateAutomatically(traveller, owner);
  await findWhatExpires(traveller, owner);
  await shareTheKey(traveller);
  const sharer = await rotateTogether(traveller);
  await revokeAndRestore(traveller, sharer);
  await revokeByTemplate(traveller);
});
