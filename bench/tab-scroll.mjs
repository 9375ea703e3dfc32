// `node bench/tab-scroll.mjs`: does a tab with fifty registries and two hundred versions scroll well?
//
// Opens the production build of the plugin's gallery in Chromium, one of the registries open, turns the mouse wheel from the top
// to the bottom and up again, and says how long the frames were, and which tasks of the main thread
// took longer than 50 ms. A longer run goes on while the tab asks for updates (every 15 seconds).
/* eslint-disable no-console -- what a command has to say */
import { chromium } from '@playwright/test';
import { loadavg } from 'node:os';
import { findChromium } from '../scripts/lib/chromium.mjs';
import { startGallery } from '../plugins/acr-cmk/scripts/gallery.mjs';

const SCENE = 'fifty registries with two hundred versions';
/** The limit for every frame. */
const LONGEST_FRAME_MS = 100;
/** A notch of a mouse wheel. */
const NOTCH = 100;
/** Notches of a hand that scrolls fast: one in 40 ms. */
const NOTCH_MS = 40;
/** As long as it takes for the tab to ask for updates twice. */
const RUN_MS = 35_000;

const SIZES = [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
];

/** Writes down every frame and every long task. Runs in the page. */
function record() {
  const recorded = { frames: [], longTasks: [] };
  window.recorded = recorded;
  new PerformanceObserver(list =>
    list
      .getEntries()
      .forEach(({ duration }) => recorded.longTasks.push(duration)),
  ).observe({ type: 'longtask' });
  let before;
  const frame = now => {
    if (before !== undefined) recorded.frames.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Returns the distance of the scrolling element from both its ends. Runs in the page. */
function edges() {
  let box = document.querySelector('section');
  while (box && box.scrollHeight <= box.clientHeight + 1) {
    box = box.parentElement;
  }
  const of = box ?? document.scrollingElement;
  return {
    top: of.scrollTop,
    rest: of.scrollHeight - of.clientHeight - of.scrollTop,
  };
}

const portionOf = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

const ms = value => `${value.toFixed(0)} ms`;

const pause = time =>
  new Promise(resolve => {
    setTimeout(resolve, time);
  });

async function measure(page, url, { width, height }) {
  await page.setViewportSize({ width, height });
  await page.goto(
    `${url}/?bare&state=${encodeURIComponent(SCENE)}&registry=images25`,
  );
  await page.getByRole('region', { name: 'images25', exact: true }).waitFor();
  await page.mouse.move(width / 2, height / 2);
  await page.evaluate(record);

  let direction = 1;
  const end = Date.now() + RUN_MS;
  while (Date.now() < end) {
    await page.mouse.wheel(0, direction * NOTCH);
    await pause(NOTCH_MS);
    const { top, rest } = await page.evaluate(edges);
    if (rest < 1) direction = -1;
    else if (top < 1) direction = 1;
  }
  return page.evaluate(() => window.recorded);
}

function report({ width, height }, { frames, longTasks }) {
  const sorted = [...frames].sort((a, b) => a - b);
  const over = sorted.filter(frame => frame > LONGEST_FRAME_MS);
  console.log(
    `${width} × ${height}: ${frames.length} frames, median ${ms(
      portionOf(sorted, 0.5),
    )}, 99 % within ${ms(portionOf(sorted, 0.99))}, worst ${ms(
      sorted[sorted.length - 1],
    )}, ${over.length} over ${ms(LONGEST_FRAME_MS)}; ${
      longTasks.length
    } tasks over 50 ms${
      longTasks.length ? `: ${longTasks.map(ms).join(', ')}` : ''
    }`,
  );
}

const gallery = await startGallery();
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const size of SIZES) {
    const page = await browser.newPage();
    report(size, await measure(page, gallery.url, size));
    await page.close();
  }
  console.log(
    `load ${loadavg()
      .map(each => each.toFixed(1))
      .join(' ')}`,
  );
} finally {
  await browser.close();
  await gallery.stop();
}
