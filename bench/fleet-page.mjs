// `node bench/fleet-page.mjs`: how soon after a click the page of all registries shows its first rows.
//
// Starts a portal with the emulated Azure and a fleet, waits until every registry that can be read is
// known, signs in as the platform engineer, and opens the page by the navigation again and again, from the
// home page each time: first with the whole portal loaded anew before each click, so that the page knows
// nothing and its rows are asked for; then without, so that it shows the rows of before until it has newer
// ones. Wanted, warm, with 10,000 registries: under 300 ms from the click to painted rows.
// The time of the processor is what a busy machine does not spoil. With `--entities`, the catalog has the
// fleet's entities as well, which takes long. With `--url`, a portal that runs is measured and none is
// started. It needs the built app (`yarn workspace app build`).
/* eslint-disable no-console -- what a command has to say */
import { chromium } from '@playwright/test';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../scripts/lib/child.mjs';
import { findChromium } from '../scripts/lib/chromium.mjs';
import {
  demoToken,
  fillCatalog,
  fleetSettings,
  startBackend,
  startEmulator,
} from '../scripts/lib/portal.mjs';

const { values } = parseArgs({
  options: {
    fleet: { type: 'string', default: '10000' },
    times: { type: 'string', default: '20' },
    entities: { type: 'boolean', default: false },
    url: { type: 'string' },
  },
});
const TIMES = Number(values.times);
/** Opened so often before anything is measured. */
const WARM_UP = 2;
/** So long the home page has asked for nothing when the next click comes. */
const QUIET_MS = 500;
const SYNC_MS = 30 * 60_000;

const seconds = since => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const memoryMb = child =>
  Math.round(
    Number(
      /VmRSS:\s+(\d+)/.exec(
        readFileSync(`/proc/${child.pid}/status`, 'utf8'),
      )?.[1],
    ) / 1024,
  );
const percentile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];

const pause = time =>
  new Promise(resolve => {
    setTimeout(resolve, time);
  });

/** Nothing while the backend is too busy to answer. */
async function summaryOf(url) {
  try {
    const answer = await fetch(`${url}/api/acr-cmk/v1/fleet/summary`, {
      headers: { authorization: `Bearer ${await demoToken(url, 'priya')}` },
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Every registry that can be read is listed and judged. */
async function untilKnown(url, azure) {
  const all = await (await fetch(new URL('/registries', azure.proxy))).json();
  const deadline = Date.now() + SYNC_MS;
  for (;;) {
    const summary = await summaryOf(url);
    const isJudged = summary?.counts.state.every(
      ({ value }) => value !== 'unknown',
    );
    // Ten are in a subscription that cannot be read.
    if (isJudged && summary.total >= all.length - 10) return summary.total;
    if (Date.now() > deadline) throw new Error('The fleet is not known');
    await pause(1000);
  }
}

/** Says when the first rows after the next click are painted. Runs in the page. */
function observeRows() {
  window.shown = new Promise(resolve => {
    let clickedAt;
    const observer = new MutationObserver(() => {
      const row = document.querySelector('tbody th[role=rowheader]');
      if (clickedAt === undefined || !row) return;
      observer.disconnect();
      // The frame with the rows begins here, and what follows it runs once it is painted.
      requestAnimationFrame(() =>
        setTimeout(() => resolve(performance.now() - clickedAt)),
      );
    });
    document.addEventListener(
      'click',
      event => {
        clickedAt = event.timeStamp;
        performance.clearResourceTimings();
        observer.observe(document.body, { childList: true, subtree: true });
      },
      { capture: true, once: true },
    );
  });
}

/** Of the request for the rows, as the browser saw it; of all scripts that were loaded, their bytes. */
function transfers() {
  const all = performance.getEntriesByType('resource');
  const rows = all.find(({ name }) => name.includes('/fleet/registries'));
  return {
    rows: rows?.duration,
    scripts: all
      .filter(({ initiatorType }) => initiatorType === 'script')
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  };
}

/** Returns the time that the page's main thread has spent on tasks since it was opened. Milliseconds. */
async function worked(devTools) {
  const { metrics } = await devTools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
}

/** Waits until the page has asked for nothing for a while. `networkidle` is only of a page's first load. */
async function untilQuiet(page) {
  let open = 0;
  let changedAt = performance.now();
  const change = by => () => {
    open += by;
    changedAt = performance.now();
  };
  const [opened, closed] = [change(1), change(-1)];
  page.on('request', opened);
  page.on('requestfinished', closed);
  page.on('requestfailed', closed);
  while (open > 0 || performance.now() - changedAt < QUIET_MS) await pause(20);
  page.off('request', opened);
  page.off('requestfinished', closed);
  page.off('requestfailed', closed);
}

/** @param toHome - leads to the home page, by a click or by loading the portal anew */
async function openOnce(page, { devTools, toHome }) {
  const quiet = untilQuiet(page);
  await toHome();
  await page.getByRole('link', { name: 'View registries' }).waitFor();
  await quiet;
  await page.evaluate(
    () => new Promise(resolve => requestIdleCallback(resolve)),
  );
  await page.evaluate(observeRows);
  const before = await worked(devTools);
  await page.getByRole('link', { name: 'Registry keys', exact: true }).click();
  const shown = await page.evaluate(() => window.shown);
  const thread = (await worked(devTools)) - before;
  return { shown, thread, ...(await page.evaluate(transfers)) };
}

function printTimes(what, all) {
  console.log(`${what} (${all.length} times)`);
  for (const [part, key] of [
    ['click to painted rows', 'shown'],
    ['the request for them', 'rows'],
    ['processor of the page', 'thread'],
  ]) {
    // Rows of before are painted before any are asked for.
    const times = all.flatMap(one => one[key] ?? []).sort((a, b) => a - b);
    if (times.length < all.length) continue;
    const [median, p99] = [0.5, 0.99].map(share =>
      percentile(times, share).toFixed(0),
    );
    console.log(
      `  ${part}: median ${median} ms, p99 ${p99} ms, best ${times[0].toFixed(
        0,
      )} ms`,
    );
  }
}

async function measure(url) {
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({
      viewport: { width: 1400, height: 900 },
    });
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const home = page.getByRole('link', { name: 'Home', exact: true });
    const again = { devTools, toHome: () => home.click() };
    const anew = {
      devTools,
      toHome: async () => {
        await page.goto(url);
        await home.click();
      },
    };
    await page.goto(url);
    await page.getByRole('button', { name: 'Sign in as Priya Patel' }).click();
    const cold = await openOnce(page, again);
    console.log(
      `first time: ${cold.shown.toFixed(0)} ms, ${(cold.scripts / 1000).toFixed(
        0,
      )} kB of scripts`,
    );
    for (const [what, how] of [
      ['after the portal was loaded anew', anew],
      ['opened again', again],
    ]) {
      for (let n = 0; n < WARM_UP; n += 1) await openOnce(page, how);
      const all = [];
      for (let n = 0; n < TIMES; n += 1) all.push(await openOnce(page, how));
      printTimes(what, all);
    }
  } finally {
    await browser.close();
  }
}

async function startAndMeasure() {
  const directory = mkdtempSync(join(tmpdir(), 'acr-cmk-fleet-page-'));
  const log = createWriteStream(join(directory, 'log'));
  const children = [];
  try {
    const began = performance.now();
    const emulator = await startEmulator({
      env: process.env,
      log,
      dataDirectory: join(directory, 'azure'),
      port: await freePort(),
      world: `demo-fleet:${values.fleet}`,
    });
    children.push(emulator.child);
    console.log(`the emulated Azure is there after ${seconds(began)}`);
    const { azure } = emulator;
    const { demo_fleet: entities, ...settings } = fleetSettings(azure);
    const { child, url } = await startBackend({
      env: process.env,
      log,
      azure,
      port: await freePort(),
      databaseDirectory: join(directory, 'database'),
      settings: {
        ...settings,
        ...(values.entities && { demo_fleet: entities }),
      },
    });
    children.push(child);
    console.log(`the portal is there after ${seconds(began)}`);
    const known = await untilKnown(url, azure);
    console.log(`${known} registries are known after ${seconds(began)}`);
    if (values.entities) {
      await fillCatalog(url, { azure, process: child });
      console.log(`the catalog has their entities after ${seconds(began)}`);
    }
    const memory = () =>
      console.log(
        `memory: backend ${memoryMb(child)} MB, Azure ${memoryMb(
          emulator.child,
        )} MB`,
      );
    memory();
    await measure(url);
    memory();
  } finally {
    for (const child of children.reverse()) await child.stop();
    log.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

const load = () =>
  loadavg()
    .map(each => each.toFixed(1))
    .join(' ');
console.log(`load ${load()}`);
if (values.url) await measure(values.url);
else await startAndMeasure();
console.log(`load ${load()}`);
