import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import { AZURE_CLOUDS, type AzureCloud } from 'backstage-plugin-acr-cmk-common';
import { Azure } from './Azure';
import { callerOf, requireRights } from './caller';
import { findLeftovers, removeLeftovers } from './cleanup';
import { Names, PURPOSES } from './names';
import { HELP, type Options, parseOptions } from './options';
import { costOf, LONGEST_HOURS } from './prices';
import type { Lab, Measurements, Probe } from './probe';
import { FIRST, THEN } from './probes';
import { inLines, makeReport } from './report';
import { Scrubber } from './Scrubber';
import { makeBase, makeRegistries } from './setup';
import { StateFile } from './StateFile';
import { runAlone, runTogether } from './steps';
import { Stop } from './Stop';
import type { Time } from './time';

/** What the check takes from outside. */
export interface Surroundings {
  time: Time;
  credential(cloud: AzureCloud): TokenCredential;
  /** A line for the person who started it. */
  say(line: string): void;
  /** Asks for a yes. */
  ask(question: string): Promise<boolean>;
}

const MS_PER_HOUR = 3_600_000;
const VAULTS = 2;

/** Runs the command; the exit code. */
export async function runCheck(
  args: string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === 'help') surroundings.say(HELP);
    else await perform(options, surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    surroundings.say(error.message);
    return 1;
  }
}

async function perform(options: Options, surroundings: Surroundings) {
  const { time, credential, say } = surroundings;
  const cloud = AZURE_CLOUDS[options.cloud];
  checkFile('--state', options.state);
  checkFile('--out', options.out);
  const earlier = StateFile.read(options.state);
  checkState(options, earlier);
  const costs = costOf({ registry: PURPOSES.length, vault: VAULTS });
  if (!options.cleanup && costs.total > options.budget) {
    throw new Stop(
      `The check may cost ${costs.total.toFixed(
        2,
      )} EUR, which is more than the budget of ${
        options.budget
      } EUR: --budget allows more.`,
    );
  }
  const signedIn = credential(cloud);
  const scrubber = new Scrubber();
  const azure = new Azure(signedIn, cloud, { time, scrubber });
  const caller = await callerOf(azure);
  await requireRights(azure, options);
  if (options.cleanup) {
    await cleanUp(azure, surroundings, { options, state: earlier });
    return;
  }
  if (!earlier) {
    describe(options, surroundings);
    await confirm(options, surroundings, 'Make all this?');
  }
  const state =
    earlier ??
    StateFile.create(options.state, {
      runId: crypto.randomBytes(4).toString('hex'),
      subscription: options.subscription,
      location: options.location,
      cloud: options.cloud,
      startedAt: new Date(time.now()).toISOString(),
      expiresAt: new Date(
        time.now() + LONGEST_HOURS * MS_PER_HOUR,
      ).toISOString(),
    });
  const names = new Names(state, cloud);
  const lab: Lab = {
    azure,
    time,
    names,
    state,
    caller,
    credential: signedIn,
    outcomes: [],
    ...(options.events && { events: options.events }),
  };
  learn(lab);
  await probeAll(lab, say);

  const report = makeReport(
    {
      cloud: options.cloud,
      location: state.location,
      startedAt: state.startedAt,
      endedAt: new Date(time.now()).toISOString(),
    },
    state.results,
  );
  fs.writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`);
  inLines(report).forEach(say);
  say(`The report is ${options.out}.`);
  if (options.keep) {
    say(
      `Everything is kept, until ${state.expiresAt} at most: --cleanup removes it.`,
    );
    return;
  }
  await remove(azure, surroundings, { options, state });
}

/** Ends with a sentence when the state does not fit what is asked for. */
function checkState(
  { state: file, resume, cleanup, subscription, cloud }: Options,
  state: StateFile | undefined,
) {
  if (!state) {
    if (resume)
      throw new Stop(`There is nothing to resume: ${file} is not there.`);
    return;
  }
  if (state.subscription !== subscription || state.cloud !== cloud) {
    throw new Stop(
      `${file} is of a check in the subscription ${state.subscription} (${state.cloud}), not in ${subscription} (${cloud}).`,
    );
  }
  if (!resume && !cleanup) {
    throw new Stop(
      `${file} is of a check that was interrupted or kept: --resume goes on with it, --cleanup removes what it made.`,
    );
  }
}

/** A file that will be written: what is wrong with it is said before a check of hours. */
function checkFile(flag: '--state' | '--out', file: string) {
  if (file.trim() === '') throw new Stop(`${flag} is empty: name a file.`);
  if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Stop(`${flag} must name a file, and ${file} is a directory.`);
  }
  const directory = path.dirname(path.resolve(file));
  try {
    fs.accessSync(directory, fs.constants.W_OK);
  } catch {
    throw new Stop(
      `${flag} cannot be written: ${directory} is not a directory that can be written to.`,
    );
  }
}

async function confirm(
  { yes }: Options,
  { ask }: Surroundings,
  question: string,
) {
  if (!yes && !(await ask(question))) throw new Stop('Nothing was done.');
}

function describe(
  { subscription, location, budget }: Options,
  { say }: Surroundings,
) {
  const { lines, total } = costOf({ registry: PURPOSES.length, vault: VAULTS });
  say(`In the subscription ${subscription}, in ${location}, this check makes`);
  say(`  1 resource group, which says when it may be deleted, and in it`);
  say(
    `  ${PURPOSES.length} user-assigned identities, keys, role assignments and access policies`,
  );
  for (const { count, price, total: euros } of lines) {
    say(`  ${count} × ${price.what}: at most ${euros.toFixed(2)} EUR`);
    say(
      `      ${price.perHour.toFixed(3)} EUR an hour, ${price.source}, ${
        price.asOf
      }`,
    );
  }
  say(
    `It takes up to ${LONGEST_HOURS} hours and costs at most ${total.toFixed(
      2,
    )} EUR (budget ${budget} EUR). It removes everything in the end.`,
  );
}

/** What must not be in the report. */
function learn({ azure: { scrubber }, names, caller }: Lab) {
  scrubber.learn(names.subscription, 'subscription');
  scrubber.learn(caller.tenantId, 'tenant');
  scrubber.learn(caller.objectId, 'objectId');
  scrubber.learn(caller.clientId, 'clientId');
  scrubber.learn(names.group, 'group');
  scrubber.learn(names.runId, 'run');
}

async function probeAll(lab: Lab, say: (line: string) => void) {
  const { time } = lab;
  await runAlone(makeBase(lab), time);
  await together(lab, FIRST, say);
  await runAlone(makeRegistries(lab), time);
  for (const probes of THEN) await together(lab, probes, say);
}

async function together(
  lab: Lab,
  probes: readonly Probe[],
  say: (line: string) => void,
) {
  const { state, azure, time, outcomes } = lab;
  const left = probes.filter(({ id }) => {
    const result = state.results[id];
    return !result || result.failed !== undefined;
  });
  await runTogether<Measurements>(
    left.map(probe => ({
      steps: probe.run(lab),
      ended: outcome => {
        if ('error' in outcome && outcome.error instanceof Stop) {
          throw outcome.error;
        }
        const failed =
          'error' in outcome
            ? azure.scrubber.text((outcome.error as Error).message)
            : undefined;
        state.keep(probe.id, {
          measured: 'value' in outcome ? outcome.value : {},
          contract: outcomes.splice(0),
          recordings: azure.takeRecordings(),
          ...(failed !== undefined && { failed }),
        });
        say(
          failed === undefined
            ? `done: ${probe.title}`
            : `failed: ${probe.title}: ${failed}`,
        );
      },
    })),
    time,
  );
}

/** What a run left, as its options and its file of state say. */
interface Leftovers {
  options: Options;
  state: StateFile | undefined;
}

const scopeOf = (azure: Azure, { options, state }: Leftovers) => ({
  azure,
  subscription: options.subscription,
  made: state?.made ?? [],
  ...(state && { runId: state.runId }),
});

async function cleanUp(
  azure: Azure,
  surroundings: Surroundings,
  { options, state }: Leftovers,
) {
  const { say } = surroundings;
  const { groups, deletedVaults } = await findLeftovers(
    scopeOf(azure, { options, state }),
  );
  if (groups.length === 0 && deletedVaults.length === 0) {
    say('There is nothing to remove.');
    state?.remove();
    return;
  }
  say(`Left in the subscription ${options.subscription}:`);
  groups.forEach(id => say(`  resource group ${id.split('/').pop()}`));
  deletedVaults.forEach(({ name }) => say(`  deleted vault ${name}`));
  await confirm(options, surroundings, 'Remove all this?');
  await remove(azure, surroundings, { options, state });
}

async function remove(
  azure: Azure,
  { time, say }: Surroundings,
  { options, state }: Leftovers,
) {
  const scope = { ...scopeOf(azure, { options, state }), time, say };
  const stay = await runAlone(removeLeftovers(scope), time);
  stay.forEach(say);
  state?.remove();
  say(
    stay.length > 0
      ? 'Everything else was removed.'
      : 'Everything was removed.',
  );
}
