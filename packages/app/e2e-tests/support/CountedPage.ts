import type { Locator, Page } from '@playwright/test';

/** Effort of one station of a journey. */
export interface Effort {
  clicks: number;
  /** Fields that were typed into. */
  typed: number;
  /** Number of times the next control was out of view. */
  scrolls: number;
  /** Distance of those controls from the view, in heights of the window. */
  screens: number;
  seconds: number;
}

export interface Station extends Effort {
  name: string;
}

/** A control of which less is in view has to be scrolled to. */
const IN_VIEW = 0.5;

/** True when the control can be pressed without scrolling. */
function isInView(control: Locator): Promise<boolean> {
  return control.evaluate(
    (element, enough) =>
      new Promise<boolean>(resolve => {
        new IntersectionObserver(([{ intersectionRatio }], observer) => {
          observer.disconnect();
          resolve(intersectionRatio >= enough);
        }).observe(element);
      }),
    IN_VIEW,
  );
}

/** Distance of a control from the window, in heights of the window. */
function screensTo(control: Locator): Promise<number> {
  return control.evaluate(element => {
    const { top, bottom } = element.getBoundingClientRect();
    return Math.max(0, bottom - window.innerHeight, -top) / window.innerHeight;
  });
}

/** Goes through a portal as a person would, by clicks and typing, and counts both by station. */
export class CountedPage {
  readonly stations: Station[] = [];
  #arrived = performance.now();

  /** Starts a station; all effort from here on counts towards it. */
  begin(name: string) {
    this.end();
    this.#arrived = performance.now();
    this.stations.push({
      name,
      clicks: 0,
      typed: 0,
      scrolls: 0,
      screens: 0,
      seconds: 0,
    });
  }

  /** Ends the station: what follows until the next one is not part of the journey. */
  end() {
    const station = this.stations.at(-1);
    if (station && station.seconds === 0) {
      station.seconds = (performance.now() - this.#arrived) / 1000;
    }
  }

  async click(control: Locator) {
    await this.#comeTo(control);
    this.#now.clicks += 1;
    await control.click();
  }

  async type(field: Locator, text: string) {
    await this.#comeTo(field);
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

  async #comeTo(control: Locator) {
    await control.waitFor();
    if (await isInView(control)) return;
    this.#now.scrolls += 1;
    this.#now.screens += await screensTo(control);
  }
}
