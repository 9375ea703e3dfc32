import { z } from 'zod/v4';
import { filled, matching, text } from './values';

/** Hours of the week in which members may start, by the wall clock of a time zone. */
export interface CampaignWindow {
  /** 1 for Monday to 7 for Sunday. */
  days: readonly number[];
  /** Minutes since midnight. */
  from: number;
  /** Minutes since midnight, after `from`; 1440 is the end of the day. */
  to: number;
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: string;
}

/** A period in which no member may start, and no operation may end. Epoch milliseconds. */
export interface CampaignFreeze {
  from: number;
  to: number;
  reason: string;
}

/** `acrCmk.campaigns`, checked. */
export interface CampaignsConfig {
  /** Without any, every time is open. */
  windows: readonly CampaignWindow[];
  freezes: readonly CampaignFreeze[];
  /** Reason why no time is open. Default: none. */
  closed?: string;
}

const DAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const CLOCK_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** In minutes since midnight. */
const clockTime = () =>
  matching('must be a time of the day such as 08:00, at most 24:00', CLOCK_TIME)
    .transform(time => time.split(':').map(Number))
    .transform(([hours, minutes]) => hours * 60 + minutes);

const timeZone = () =>
  text('must be a time zone such as Europe/Berlin or UTC', zone => {
    // Throws for one that is not known.
    Intl.DateTimeFormat('en', { timeZone: zone }).format(0);
    return zone;
  });

/** In epoch milliseconds. */
const moment = () =>
  matching(
    'must be a time such as 2026-12-20T00:00:00Z, or a day in UTC such as 2026-12-20',
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/,
  )
    .transform(Date.parse)
    .refine(
      at => !Number.isNaN(at),
      'must be a time that exists, such as 2026-12-20T00:00:00Z',
    );

const window = () =>
  z
    .strictObject({
      days: z
        .array(z.enum(DAYS))
        .min(1, 'must have at least one day')
        .transform(days => days.map(day => DAYS.indexOf(day) + 1)),
      from: clockTime(),
      to: clockTime(),
      timeZone: timeZone(),
    })
    .refine(({ from, to }) => from < to, {
      path: ['to'],
      error: 'must be later than from; write a window over midnight as two',
    });

const freeze = () =>
  z
    .strictObject({ from: moment(), to: moment(), reason: filled() })
    .refine(({ from, to }) => from < to, {
      path: ['to'],
      error: 'must be later than from',
    });

/** Overlapping windows are most likely a mistake. Windows of different time zones are not compared. */
const overlaps = (one: CampaignWindow, other: CampaignWindow) =>
  one.timeZone === other.timeZone &&
  one.days.some(day => other.days.includes(day)) &&
  one.from < other.to &&
  other.from < one.to;

export const campaignSettings = () =>
  z
    .strictObject({
      windows: z
        .array(window())
        .default([])
        .superRefine((windows, context) => {
          windows.forEach((one, index) => {
            const first = windows
              .slice(0, index)
              .findIndex(other => overlaps(one, other));
            if (first < 0) return;
            context.addIssue({
              code: 'custom',
              path: [index],
              message: `overlaps acrCmk.campaigns.windows[${first}]; make one window of both`,
              input: windows[index],
            });
          });
        }),
      freezes: z.array(freeze()).default([]),
    })
    .prefault({});
