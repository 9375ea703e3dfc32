import type { Locator } from '@playwright/test';

export type HeadAction = 'Rotate' | 'Revoke' | 'Restore' | 'Retire';

/** Actions in the menu of a registry's head; the others are buttons beside it. */
const IN_MENU: readonly HeadAction[] = ['Revoke', 'Retire'];

/** Button of a registry's head that leads to an action. */
export function actionButton(section: Locator, action: HeadAction): Locator {
  return section.getByRole(
    'button',
    IN_MENU.includes(action)
      ? { name: /^More actions/ }
      : { name: action, exact: true },
  );
}

/** The item of an open menu. */
export function actionItem(section: Locator, action: HeadAction): Locator {
  return section
    .page()
    .getByRole('menuitem', { name: new RegExp(`^${action}`) });
}

/** Presses an action in the head of a registry. */
export async function pressAction(section: Locator, action: HeadAction) {
  await actionButton(section, action).click();
  if (IN_MENU.includes(action)) await actionItem(section, action).click();
}
