import { expect, type Locator } from '@playwright/test';

/** No view has so many stops before what a test looks for. */
const MOST_STOPS = 100;

/** Presses Tab until the focus is there. */
export async function tabTo(wanted: Locator) {
  const isFocused = () =>
    wanted.evaluate(element => element === document.activeElement);
  for (let stop = 0; stop < MOST_STOPS && !(await isFocused()); stop++) {
    await wanted.page().keyboard.press('Tab');
  }
  await expect(wanted).toBeFocused();
}
