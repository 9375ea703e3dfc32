import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

const part = (where?: HTMLElement) => (where ? within(where) : screen);

/** Enters a text at once. Each key that is typed renders the view again. */
export async function fill(field: HTMLElement, text: string): Promise<void> {
  await userEvent.click(field);
  await userEvent.paste(text);
}

/** Presses the button of this name, as soon as it is there. */
export async function press(
  name: string | RegExp,
  where?: HTMLElement,
): Promise<void> {
  await userEvent.click(await part(where).findByRole('button', { name }));
}

/** Selects the radio button of this name, as soon as it is there. */
export async function pickRadio(
  name: string | RegExp,
  where?: HTMLElement,
): Promise<void> {
  await userEvent.click(await part(where).findByRole('radio', { name }));
}

/** Shows the details of the one registry in the page. */
export async function openDetails() {
  await userEvent.click(
    await screen.findByText(/^Details/, { selector: 'summary' }),
  );
  await screen.findByRole('group', { name: 'Key' });
}
