// `yarn bench:inventory`: what the inventory costs with a big fleet, printed, never asserted.
//
// Everything runs on this machine in this run, each measurement in a process of its own, with Azure
// answering in 100 ms where it is asked. `--only B4,B5` runs a part, `--rounds 1` is the quick look,
// `--before ""` leaves the code of before out.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { callsOfTheSync } from './inventory/b1-b2-b3-b9-calls';
import { tabWithKnownFacts } from './inventory/b4-tab';
import { viewersAtOnce } from './inventory/b5-viewers';
import { hourOfViews } from './inventory/b6-hour';
import { rotationOutside } from './inventory/b7-rotation';
import { azuresLimits } from './inventory/b8-limits';
import { load } from './inventory/print';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    small: { type: 'string', default: '100' },
    middle: { type: 'string', default: '1000' },
    big: { type: 'string', default: '10000' },
    viewers: { type: 'string', default: '50' },
    /** Viewers that look once a minute, for B6. */
    'hour-viewers': { type: 'string', default: '1000' },
    /** The last commit that read whole lists for every view. */
    before: { type: 'string', default: 'c43d279' },
  },
});
const rounds = Number(values.rounds);
const big = Number(values.big);

const middle = Number(values.middle);

const benchmarks: Record<string, () => Promise<void>> = {
  // With B2, B3 and B9.
  B1: () => callsOfTheSync({ middle, big }),
  B4: () => tabWithKnownFacts({ rounds, small: Number(values.small), big }),
  B5: () =>
    viewersAtOnce({
      rounds,
      viewers: Number(values.viewers),
      small: middle,
      big,
      before: values.before || undefined,
    }),
  B6: () =>
    hourOfViews({ registries: big, viewers: Number(values['hour-viewers']) }),
  B7: () => rotationOutside({ middle }),
  B8: () => azuresLimits({ middle }),
};

async function main(): Promise<void> {
  const only = values.only?.split(',') ?? Object.keys(benchmarks);
  console.log(`${os.cpus().length} cores, load average ${load()}`);
  for (const name of only) {
    const run = benchmarks[name];
    if (!run) {
      throw new Error(
        `There is no ${name}: ${Object.keys(benchmarks).join(', ')}`,
      );
    }
    await run();
  }
  console.log(`load average at the end ${load()}`);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
