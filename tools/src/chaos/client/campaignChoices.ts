/** Choices of the next campaign, made from the seed alone. */
import type {
  CampaignIntent,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import type { Random } from '../random';
import {
  CAMPAIGN_REGISTRIES,
  newTarget,
  type Target,
  TARGETS,
} from '../world/people';
import { ROTATION_DAYS } from './choices';

/** One campaign with everything that people do about it. */
export interface CampaignChoice {
  intent: CampaignIntent;
  targets: Target[];
  strategy: CampaignStrategy;
  /** Replica that is asked first; each further call asks the next one. */
  replica: number;
  /** Command that is given once it runs, and when. */
  command: 'pause' | 'skip' | 'abort';
  commandAfterMs: number;
  /** Rejects the last member of each list that waits for approval. */
  rejects: boolean;
  /** Longest time that people look after it. */
  patienceMs: number;
}

const HALF = CAMPAIGN_REGISTRIES.length / 2;
/** Commands take turns, so that a run has each of them. */
const COMMANDS = ['pause', 'skip', 'abort'] as const;

function intentOf(random: Random, index: number): CampaignIntent {
  const policy = { timeAfterCreate: `P${random.pick(ROTATION_DAYS)}D` };
  const intents: CampaignIntent[] = [
    // Needs an approval in each run.
    { kind: 'automatic-rotation', policy },
    { kind: 'new-version' },
    { kind: 'automatic-mode' },
    { kind: 'new-version' },
  ];
  return intents[index % intents.length];
}

/** The nth campaign. Intents and commands take turns, so that a run of two minutes has each of them; the rest is chance. */
export function chooseCampaign(random: Random, index: number): CampaignChoice {
  const own = random.fork('campaigns').fork(index);
  const names = CAMPAIGN_REGISTRIES.slice(
    ...(index % 2 === 0 ? [0, HALF] : [HALF]),
  );
  return {
    intent: intentOf(own, index),
    targets: [
      ...names.map(newTarget),
      // One that others change as well.
      ...(own.chance(0.5) ? [own.pick(TARGETS)] : []),
    ],
    strategy: {
      stages: [{ count: 1 }, { maxFailurePercent: own.pick([0, 50]) }],
      concurrency: own.between(1, 3),
    },
    replica: own.between(0, 5),
    command: COMMANDS[index % COMMANDS.length],
    commandAfterMs: own.between(0, 6000),
    rejects: own.chance(0.3),
    patienceMs: own.between(8_000, 15_000),
  };
}
