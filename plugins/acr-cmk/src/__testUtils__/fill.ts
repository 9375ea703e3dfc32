import userEvent from '@testing-library/user-event';

/** Enters a text at once. Each key that is typed renders the view again. */
export async function fill(field: HTMLElement, text: string): Promise<void> {
  await userEvent.click(field);
  await userEvent.paste(text);
}
