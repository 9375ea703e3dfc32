import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { PlanRequest } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../../fixtures/InMemoryAcrCmk';
import {
  ALL_ALLOWED,
  answerWith,
  registryWith,
} from '../../../fixtures/registry';
import { renderView } from '../../../__testUtils__/render';
import { EncryptionTab } from '../../EncryptionTab';

/** Opens a dialog of shopimages from its tab. */
export async function openDialog(
  button: 'Rotate' | 'Revoke' | 'Restore' | 'Retire',
  api: InMemoryAcrCmk,
) {
  renderView(<EncryptionTab />, { api });
  // All but Rotate are in the menu beside it.
  const trigger = await screen.findByRole('button', {
    name: button === 'Rotate' ? button : /^More actions/,
  });
  await userEvent.click(trigger);
  if (button !== 'Rotate') {
    await userEvent.click(
      screen.getByRole('menuitem', { name: new RegExp(`^${button}`) }),
    );
  }
  const dialog = await screen.findByRole('dialog', {
    name: new RegExp(`^${button} .*: shopimages$`),
  });
  return { trigger, dialog };
}

/** Intent of the newest plan request. */
export function lastIntent(api: InMemoryAcrCmk) {
  const inputs = api.inputsOf('plan') as PlanRequest[];
  return inputs[inputs.length - 1]?.intent;
}

export async function typeReason(
  dialog: HTMLElement,
  reason = 'Quarterly rotation',
) {
  await userEvent.click(
    await within(dialog).findByRole('textbox', { name: 'Reason' }),
  );
  // At once: a dialog that is rendered for each letter takes seconds.
  await userEvent.paste(reason);
}

/** Picks from one of the lists of the form. */
export async function choose(
  dialog: HTMLElement,
  label: RegExp,
  option: RegExp,
) {
  const combobox = within(dialog).getByRole('combobox', { name: label });
  await userEvent.click(combobox);
  await userEvent.click(await screen.findByRole('option', { name: option }));
  return combobox;
}

/** A backend in memory, with one registry on which everything is allowed. */
export function apiWith(overrides: Parameters<typeof registryWith>[0] = {}) {
  return new InMemoryAcrCmk({
    answer: answerWith(registryWith({ actions: ALL_ALLOWED, ...overrides })),
  });
}
