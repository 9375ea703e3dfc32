import { parseArgs } from 'node:util';
import { DEFAULT_CAMPAIGN_STRATEGY } from 'backstage-plugin-acr-cmk-common';

export const { values } = parseArgs({
  options: {
    registries: { type: 'string', default: '1000' },
    /** Registries of the portal whose tabs are compared with it. */
    small: { type: 'string', default: '100' },
    /** Registries of the portal whose lists are compared with it. */
    medium: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    only: {
      type: 'string',
      default: 'cold,tab,viewers,cpu,burst,restart,idle',
    },
    /** Checkouts whose portals take turns. Default: this one. */
    portal: { type: 'string', multiple: true, default: [] },
    /** World of the emulated Azure instead of the fleet of teams: `--only cold` alone. */
    world: { type: 'string' },
    /** Operations that wait for Azure while the backend is restarted. */
    waiting: { type: 'string', default: '1000' },
    /** Requests of a burst that are on their way at once. */
    connections: { type: 'string', default: '20' },
    /** Minutes without a viewer whose calls are scaled to an hour, or to the duration of a campaign. */
    idle: { type: 'string', default: '10' },
    /** Members of the campaign, about. */
    members: { type: 'string', default: '300' },
  },
});
export const isWanted = (part: string) => values.only.split(',').includes(part);
export const SMALL = Number(values.small);
export const MEDIUM = Number(values.medium);
export const LARGE = Number(values.registries);
export const PEOPLE = 50;
/** Members of the platform team, who see everything. So many that none reaches the limit of a caller. */
export const READERS = 20;
/** Times that each of them asks, where processor time is measured. */
export const ASKED_EACH = 3;

export const PEOPLE_RULES = [{ allow: ['User', 'Group'] }];
export const AZURE_MS = 100;
/** One person who looks on and on stays below the limit of reads in a minute. */
export const VIEWS_APART_MS = 200;
/** Interval between two looks of a viewer during the first reading, which takes minutes. */
export const LOOKS_APART_MS = 1_000;
export const TOKEN_MS = 30 * 60_000;
export const WAITING = Number(values.waiting);
/** With many more, the portal's HTTP server delays others before any plugin has a request, also of its liveness. */
export const CONNECTIONS = Number(values.connections);
export const HOUR_MS = 60 * 60_000;
export const IDLE_MS = Number(values.idle) * 60_000;
/** Turns that list the vaults whose moment in the longer interval has passed since their last list. */
export const CHANGEOVER_MS = 2 * 60_000;
/** Operations beside which a campaign is measured. */
export const SINGLES = 5;
/** Interval at which those who start and approve a campaign look at it. */
export const ASK_MS = 1_000;
/** Time after a campaign in which its last calls come. */
export const QUIET_MS = 10_000;
export const MEMBERS = Number(values.members);
/** Members that a preview plans in the seconds that are judged. Of a larger one, its share of the time is judged. */
export const PREVIEWED = 300;
/** The default one, without a limit at which it would pause. */
export const STRATEGY = {
  ...DEFAULT_CAMPAIGN_STRATEGY,
  stages: DEFAULT_CAMPAIGN_STRATEGY.stages.map(({ count, percent }) => ({
    count,
    percent,
    maxFailurePercent: 100,
  })),
};
/** Rotations whose copies wait, each of another registry. */
export const ROTATIONS = 8;
/** Updates of registries are not done before the bench is, and are asked about as rarely as the engine agrees to. */
export const SLOW_UPDATES = {
  registryOperationSeconds: 6 * 60 * 60,
  operationRetryAfterSeconds: 30,
};
export const QUESTIONS = {
  summary: 'summary',
  calendar: 'expiries',
  search: 'registries?search=amber',
  'by key': 'keys',
  page: 'registries',
};
