/**
 * Operations that need approval. The tests are part of `fleet.test.ts`, whose portal requires it: starting
 * another takes longer than they do.
 */
import {
  API,
  expect,
  openRegistry,
  pressAction,
  test as base,
} from './support';

/** A task or an operation from its start to what is looked for, on a machine that is busy with other things. */
const TASK_TAKES = 120_000;

/** Settings of a portal in which these tests can be. */
export const APPROVALS = {
  acrCmk_approvals_revoke: 'required',
};

export function approvalTests(test: typeof base) {
  test('an engineer revokes with a second person, who alone may keep it revoked, and restores', async ({
    signedIn,
    portal,
  }) => {
    const tabOf = async (user: 'priya' | 'paul') => {
      const page = await signedIn(user);
      await openRegistry(page, 'shop-images', '/encryption');
      return {
        dialog: page.getByRole('dialog'),
        section: page.getByRole('region', { name: 'shopimages', exact: true }),
      };
    };
    const priya = await tabOf('priya');
    await portal.azure.clearRequests();
    await pressAction(priya.section, 'Revoke');
    const ask = priya.dialog;
    await ask.getByLabel('Restore automatically').selectOption('240');
    await ask.getByLabel('Reason').fill('The key may have leaked');
    await ask.getByLabel('Type shopimages to confirm').fill('shopimages');
    await ask.getByRole('button', { name: /^(Revoke|Request)/ }).click();
    await expect(ask.getByText(/wait.* approval/i).first()).toBeVisible();
    expect(await portal.azure.writes()).toEqual([]);
    await ask.getByRole('button', { name: 'Close' }).click();

    const paul = await tabOf('paul');
    await paul.section
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    await paul.dialog.getByRole('button', { name: /^Approve/ }).click();
    await expect
      .poll(async () => (await portal.azure.pull('shopimages')).status, {
        timeout: TASK_TAKES,
      })
      .toBe(403);

    // Not offered to the requester.
    await paul.section
      .getByRole('button', { name: 'Keep revoked', exact: true })
      .click();
    await expect(
      priya.section.getByRole('button', { name: 'Restore', exact: true }),
    ).toBeEnabled();
    await expect(
      priya.section.getByRole('button', { name: 'Keep revoked', exact: true }),
    ).toBeHidden();
    await expect(
      priya.section.getByText(/another person has to make it permanent/),
    ).toBeVisible();
    const { body } = await portal.api(
      'priya',
      'GET',
      `${API}/operations?entityRef=resource:default/shop-images&limit=1`,
    );
    const operation = `${API}/operations/${body.items[0].id}`;
    const alone = await portal.api('priya', 'POST', `${operation}/confirm`, {
      reason: 'For good',
    });
    expect([alone.status, alone.body.error.message]).toEqual([
      403,
      expect.stringContaining('another person has to make it permanent'),
    ]);

    await paul.dialog.getByLabel('Reason').fill('For good');
    await paul.dialog.getByRole('button', { name: 'Keep revoked' }).click();
    await expect
      .poll(
        async () =>
          (await portal.api('priya', 'GET', operation)).body.confirmedBy,
      )
      .toBe('user:default/paul');

    await pressAction(priya.section, 'Restore');
    await priya.dialog.getByLabel('Reason').fill('The key is safe');
    await priya.dialog.getByRole('button', { name: 'Restore access' }).click();
    await expect
      .poll(async () => (await portal.azure.pull('shopimages')).status, {
        timeout: TASK_TAKES,
      })
      .toBe(200);
  });
}
