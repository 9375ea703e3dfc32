import type { Locator, Page } from '@playwright/test';

/** Effort of one station of a journey. */
interface Station {
  name: string;
  clicks: number;
  /** Fields that were typed into. */
  typed: number;
}

/** Goes through a portal as a person would, by clicks and typing, and counts both by station. */
export class CountedPage {
  readonly stations: Station[] = [];

  /** Starts a station; all effort from here on counts towards it. */
  begin(name: string) {
    this.stations.push({ name, clicks: 0, typed: 0 });
  }

  async click(control: Locator) {
    await control.waitFor();
    this.#now.clicks += 1;
    await control.click();
  }

  async type(field: Locator, text: string) {
    await field.waitFor();
    this.#now.typed += 1;
    await field.fill(text);
  }

  /** Opens a list and picks from it. */
  async pick(page: Page, field: Locator, option: RegExp) {
    await this.click(field);
    await this.click(page.getByRole('option', { name: option }).first());
  }

  get #now(): Station {
    const station = this.stations.at(-1);
    if (!station) throw new Error('the journey has not begun');
    return station;
  }
}
