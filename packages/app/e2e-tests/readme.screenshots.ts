import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, openRegistry, signInAs, test } from './support';

/** The screenshot in the documentation. */
test('the encryption tab', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1200 });
  await signInAs(page, 'olivia');
  await openRegistry(page, 'shop-images', '/encryption');
  await page.getByLabel('At a glance').waitFor();
  await page.screenshot({ path: 'docs/images/encryption-tab.png' });
});

const BETWEEN_MS = 250;
/** Length of a pause at a station, in frames. */
const STAY = 8;

/** The moving picture in README.md: a rotation from the tab. Needs ImageMagick, which makes one file of the frames. */
test('a rotation', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'acr-cmk-frames-'));
  const frames: string[] = [];
  const shoot = async (times = 1) => {
    const path = join(folder, `${String(frames.length).padStart(4, '0')}.png`);
    await page.screenshot({ path });
    for (let i = 0; i < times; i++) frames.push(path);
  };
  await page.setViewportSize({ width: 1100, height: 760 });
  await signInAs(page, 'olivia');
  await openRegistry(page, 'shop-images', '/encryption');
  await page.getByLabel('At a glance').waitFor();
  await shoot(STAY);

  await page
    .getByRole('button', { name: 'Rotate', exact: true })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', {
    name: 'Rotate key',
    exact: true,
  });
  await expect(confirm).toBeVisible();
  await shoot(STAY);
  await dialog.getByLabel('Reason').fill('The yearly rotation');
  await expect(confirm).toBeEnabled();
  await shoot(STAY);

  await confirm.click();
  const ended = dialog.getByRole('status').first();
  const isOver = async () => (await ended.innerText()).includes('Succeeded');
  await expect
    .poll(
      async () => {
        await shoot();
        return isOver();
      },
      { timeout: 120_000, intervals: [BETWEEN_MS] },
    )
    .toBe(true);
  await shoot(STAY);
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(dialog).toBeHidden();
  await shoot(2 * STAY);

  mkdirSync('docs/images', { recursive: true });
  execFileSync('magick', [
    '-delay',
    String(BETWEEN_MS / 10),
    '-loop',
    '0',
    ...frames,
    '-resize',
    '900x',
    '-define',
    'webp:lossless=false',
    '-quality',
    '60',
    'docs/images/rotation.webp',
  ]);
  rmSync(folder, { recursive: true });
});
