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
  visit,
} from './support';

/** A task or an operation from its start to what is looked for, on a machine that is busy with other things. */
const TASK_TAKES = 120_000;

/** Settings of a portal in which these tests can be. */
export const APPROVALS = {
  acrCmk_approvals_revoke: 'required',
  // Programs may not ask for a revoke unless the configuration says so.
  acrCmk_actions_revoke: true,
};

export function approvalTests(test: typeof base) {
  test('an emergency revoke waits for the second person, who approves in the portal, and ends with the pull refused', async ({
    signedIn,
    portal,
  }) => {
    const { azure } = portal;
    const priya = await signedIn('priya');
    const next = () => priya.getByRole('button', { name: 'Next' }).click();
    await visit(priya, '/create/templates/default/emergency-revoke');
    await expect(priya.getByText('Emergency revoke').first()).toBeVisible();
    const registry = priya.getByRole('combobox', { name: /Registry/ });
    await expect(registry).toBeEnabled();
    await registry.click();
    await priya.getByRole('option', { name: /orders-images/ }).click();
    await next();
    await priya
      .getByLabel(/Reason/)
      .fill('Credentials of the build were stolen');
    await next();
    const plan = priya.getByRole('region', { name: 'What will happen' });
    await expect(plan.getByText('Affected registries and teams')).toBeVisible();
    await expect(plan.getByText(/second person/).first()).toBeVisible();
    await priya.getByRole('button', { name: 'Review' }).click();
    await priya.getByRole('button', { name: 'Create' }).click();
    await priya.waitForURL(/\/create\/tasks\//);
    const [, task] = /\/create\/tasks\/([0-9a-f-]+)/.exec(priya.url())!;
    const path = `/api/scaffolder/v2/tasks/${task}`;
    const log = async () => {
      const { body } = await portal.api('priya', 'GET', `${path}/events`);
      return body.map((event: any) => event.body.message).join('\n') as string;
    };
    await expect
      .poll(log, { timeout: TASK_TAKES })
      .toMatch(/Waits for a second person/);
    expect((await azure.pull('ordersimages')).status).toBe(200);

    const paul = await signedIn('paul');
    await openRegistry(paul, 'orders-images', '/encryption');
    await paul
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    const dialog = paul.getByRole('dialog');
    // A program asked, so the person who agrees types the name.
    await dialog
      .getByLabel('Type ordersimages to confirm')
      .fill('ordersimages');
    await dialog.getByRole('button', { name: /^Approve/ }).click();

    await expect
      .poll(async () => (await portal.api('priya', 'GET', path)).body.status, {
        timeout: TASK_TAKES,
      })
      .toBe('completed');
    expect(await log()).toMatch(/Approved by user:default\/paul/);
    expect((await azure.pull('ordersimages')).status).toBe(403);
  });

  test('a revoke that needed two people can be kept only by someone other than its requester @all', async ({
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
  });
}
