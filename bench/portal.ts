// `yarn bench:portal`: what views, the fleet and the inventory cost in the portal of `npm start -- --fleet N`.
//
// Nothing stands in for anything: packages/backend runs with its catalog and its permission backend, fifty
// people are signed in, and everything is asked over HTTP, so that `--portal DIR` measures another checkout
// with the same API. Several checkouts take turns, round by round. The emulated Azure answers each call after
// 100 ms and refuses what is beyond Azure's limits. Ends with 1 when a bound is missed.
// `--only campaign --registries 10000 --members 300 --idle 5` measures a campaign beside single operations.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runBursts } from './portal/burst';
import { measureCampaign } from './portal/campaign';
import { reportLooks } from './portal/firstReading';
import { measureIdle } from './portal/idle';
import { MEASURES } from './portal/measures';
import { type Sizes } from './portal/portal';
import { startPortal, started } from './portal/start';
import { judge, load, print, type Figures } from './portal/report';
import { LARGE, MEDIUM, SMALL, isWanted, values } from './portal/settings';

async function main(folder: string): Promise<void> {
  const trees = values.portal.length ? values.portal : [`${__dirname}/..`];
  const checkouts: (Sizes & {
    tree: string;
    figures: Record<string, Figures>;
  })[] = [];
  for (const [n, each] of trees.entries()) {
    const tree = path.resolve(each);
    print(`${tree} with ${values.world ?? `${LARGE} registries`}, ${load()}`);
    const start = (size: number) =>
      startPortal(tree, size, path.join(folder, `${n}-${size}`));
    const { portal: large, cold } = await start(LARGE);
    if (isWanted('cold')) {
      const { seconds, calls, reading, floor, processor } = cold;
      print(
        `  known after ${calls} calls, ${seconds.toFixed(1)} s after the start and ${reading.toFixed(1)} s after the first call; floor ${floor.toFixed(1)} s`,
      );
      for (const [name, ms] of Object.entries(processor)) {
        print(`  processor of ${name} with its start: ${ms / 1000} s`);
      }
      // A lower floor says more about the last answers than about the reading.
      judge('seconds / floor', reading / Math.max(floor, 30), '<=', 1.3);
      reportLooks(cold);
    }
    // Before the operations of `restart`, which ask Azure until the end.
    if (isWanted('idle')) {
      print(`idle of ${tree}`);
      await measureIdle(large);
    }
    const [small, medium] = [
      isWanted('tab') ? (await start(SMALL)).portal : large,
      isWanted('cpu') ? (await start(MEDIUM)).portal : large,
    ];
    checkouts.push({ tree, small, medium, large, figures: {} });
  }
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const part of Object.keys(MEASURES).filter(isWanted)) {
      for (const checkout of checkouts) {
        print(`round ${round}: ${part} of ${checkout.tree}, ${load()}`);
        const figures = (checkout.figures[part] ??= {});
        await MEASURES[part].round(checkout, (name, ...numbers) => {
          (figures[name] ??= []).push(...numbers);
        });
      }
    }
  }
  for (const { tree, large, figures } of checkouts) {
    for (const [part, each] of Object.entries(figures)) {
      print(`${part} of ${tree}`);
      MEASURES[part].report(each);
    }
    if (isWanted('campaign')) {
      print(`campaign of ${tree}`);
      await measureCampaign(large);
    }
  }
}

if (process.env.BENCH_BURST) {
  void runBursts(JSON.parse(process.env.BENCH_BURST));
} else {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'acr-cmk-bench-'));
  main(folder)
    .then(() => rmSync(folder, { recursive: true }))
    .catch(error => {
      console.error(error, `The logs are in ${folder}.`);
      process.exitCode = 2;
    })
    .finally(async () => {
      await Promise.all(started.map(child => child.stop()));
      process.exit();
    });
}
