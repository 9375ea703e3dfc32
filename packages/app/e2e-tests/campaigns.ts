/**
 * A campaign from the list of registries to its report. The test is part of `fleet.test.ts`, whose portal
 * requires approvals: starting another takes longer than it does.
 */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { axeFindings, expect, test as base, visit } from './support';

/** A campaign of a few members from its start to its end, on a machine that is busy with other things. */
const CAMPAIGN_TAKES = 150_000;

/** Counts presses, as a person makes them. */
function counted() {
  const pressed: string[] = [];
  return {
    pressed,
    async press(what: string, target: Locator) {
      pressed.push(what);
      await target.click();
    },
  };
}

/** The part of the page below the portal's own tabs. */
const OURS = { include: ['#root'], exclude: ['nav', '[role=tablist]'] };

const standing = (page: Page) => page.getByRole('status').first();

/** Takes a picture of a station. */
type Look = (station: string, page: Page) => Promise<unknown>;

export function campaignTests(
  test: typeof base,
  look: Look = async () => undefined,
) {
  test('changes every pinned registry by a campaign that another person approves, stage by stage @all', async ({
    signedIn,
    portal,
  }) => {
    test.setTimeout(2 * CAMPAIGN_TAKES);
    const page = await signedIn('priya');
    await visit(page, '/acr-cmk/registries');
    const requester = counted();
    await requester.press(
      'the state',
      page.getByRole('button', { name: /^Pinned-key trap \d+$/ }),
    );
    await expect(page).toHaveURL(/state=pinned-key-trap/);
    await requester.press(
      'all on this page',
      page.getByRole('checkbox', { name: 'Select all on this page' }),
    );
    await portal.azure.clearRequests();
    await requester.press(
      'change',
      page.getByRole('button', { name: 'Change…' }),
    );
    const dialog = page.getByRole('dialog');
    await requester.press(
      'preview',
      dialog.getByRole('button', { name: 'Preview' }),
    );
    const summary = dialog.getByText(/^Members that change: \d+ of \d+\.$/);
    await expect(summary).toBeVisible();
    const members = Number(/\d+/.exec(await summary.innerText())?.[0]);
    expect(members).toBeGreaterThan(2);
    expect(await portal.azure.writes()).toEqual([]);
    expect(await axeFindings(page, '[role=dialog]')).toEqual([]);
    await look('preview', page);
    await dialog.getByLabel('Reason').fill('Follow new versions');
    await requester.press(
      'start',
      dialog.getByRole('button', { name: 'Start', exact: true }),
    );
    await expect(page).toHaveURL(/\/acr-cmk\/campaigns\/[0-9a-f-]{36}$/);
    expect(requester.pressed).toHaveLength(5);
    await expect(standing(page)).toContainText('waits for approval');

    const owner = await signedIn('paul');
    const isOver = async () => /Ended/.test(await standing(page).innerText());
    const waiting = owner.getByRole('button', { name: 'Review', exact: true });
    await visit(owner, '/acr-cmk/registries');
    await expect
      .poll(
        async () => {
          if (await isOver()) return true;
          const approver = counted();
          await approver.press(
            'the tab',
            owner.getByRole('tab', { name: 'Waiting for you' }),
          );
          if (await waiting.isVisible()) {
            await approver.press('review', waiting);
            await look('request', owner);
            await approver.press(
              'approve',
              owner.getByRole('button', { name: /^Approve (all )?\d+/ }),
            );
            expect(approver.pressed).toHaveLength(3);
            await look('running', page);
          }
          return false;
        },
        { timeout: CAMPAIGN_TAKES, intervals: [2_000] },
      )
      .toBe(true);

    await expect(standing(page)).toHaveText(
      `Ended. All ${members} members succeeded`,
    );
    await look('ended', page);
    const writes = await portal.azure.writes();
    expect(writes).toHaveLength(members);
    expect(await axeFindings(page, OURS)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Report (CSV)' }).click();
    const report = await readFile(await (await download).path(), 'utf8');
    expect(report.match(/,succeeded,/g)).toHaveLength(members);
    expect(report.match(/user:default\/paul/g)).toHaveLength(members);
  });
}
