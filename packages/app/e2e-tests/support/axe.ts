import type { Page } from '@playwright/test';
import type Axe from 'axe-core';
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Violations that axe finds in our own part of the page.
 *
 * @param where - a selector, or several of what to look at and what to leave out
 */
export async function axeFindings(
  page: Page,
  where: string | { include: string[]; exclude: string[] },
): Promise<string[]> {
  // Lasts until the page is loaded again.
  if (await page.evaluate(() => !('axe' in window))) {
    await page.evaluate(axeSource);
  }
  return page.evaluate(async context => {
    // Elements that fade in have too little contrast until they have.
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(
          ({ effect, playState }) =>
            playState === 'running' &&
            effect?.getComputedTiming().endTime !== Infinity,
        )
        .map(({ finished }) => finished),
    );
    const { axe } = window as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(context, {
      resultTypes: ['violations'],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
  }, where);
}
