import { openRegistry, signInAs, test } from './support';

/** The screenshot in README.md. */
test('the encryption tab', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1200 });
  await signInAs(page, 'olivia');
  await openRegistry(page, 'shop-images', '/encryption');
  await page.getByText('Key URI').waitFor();
  await page.screenshot({ path: 'docs/images/encryption-tab.png' });
});
