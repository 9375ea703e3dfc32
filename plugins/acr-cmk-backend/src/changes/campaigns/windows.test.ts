import type { CampaignWindow } from '../../platform/config';
import { openingAt } from './windows';

const at = (iso: string) => Date.parse(iso);
const HOUR_MS = 60 * 60_000;

const window = (more: Partial<CampaignWindow> = {}): CampaignWindow => ({
  days: [1],
  from: 8 * 60,
  to: 10 * 60,
  timeZone: 'Europe/Berlin',
  ...more,
});

const WINTER = { windows: [window()], freezes: [] };
const FROZEN = {
  windows: [],
  freezes: [
    {
      from: at('2026-12-20T00:00:00Z'),
      to: at('2027-01-07T06:00:00Z'),
      reason: 'End of the year',
    },
  ],
};

describe('a window', () => {
  it.each([
    ['is open at its beginning', '2026-11-30T07:00:00Z'],
    ['is open until its end', '2026-11-30T08:59:59Z'],
  ])('%s', (_title, now) => {
    expect(openingAt(WINTER, at(now), 0)).toEqual({ open: true });
  });

  it.each([
    ['2026-11-30T06:59:59Z', '2026-11-30T07:00:00Z', 'on Monday at 08:00'],
    ['2026-11-30T09:00:00Z', '2026-12-07T07:00:00Z', 'on 7 December 2026'],
    ['2026-12-03T12:00:00Z', '2026-12-07T07:00:00Z', 'on Monday at 08:00'],
  ])('that is closed at %s opens at %s', (now, until, words) => {
    expect(openingAt(WINTER, at(now), 0)).toEqual({
      open: false,
      until: at(until),
      message: expect.stringContaining(`The window opens ${words}`),
    });
  });

  it('is none while the settings of campaigns are wrong', () => {
    const closed = 'Waits, because acrCmk.campaigns is wrong';
    expect(openingAt({ windows: [], freezes: [], closed }, 0, 0)).toEqual({
      open: false,
      message: closed,
    });
  });

  it('is any of several', () => {
    const windows = [window(), window({ days: [3], timeZone: 'UTC' })];
    expect(
      openingAt({ windows, freezes: [] }, at('2026-12-02T09:30:00Z'), 0),
    ).toEqual({ open: true });
    expect(
      openingAt({ windows, freezes: [] }, at('2026-11-30T12:00:00Z'), 0),
    ).toMatchObject({ until: at('2026-12-02T08:00:00Z') });
  });

  it('is every time where none is configured', () => {
    expect(openingAt({ windows: [], freezes: [] }, 0, HOUR_MS)).toEqual({
      open: true,
    });
  });
});

describe('summer time', () => {
  const sunday = (from: number, to: number) => ({
    windows: [window({ days: [7], from, to })],
    freezes: [],
  });

  it('moves a window with the wall clock', () => {
    // 08:00 in Berlin is 07:00 UTC in winter and 06:00 UTC in summer.
    const { windows } = WINTER;
    const calendar = { windows, freezes: [] };
    expect(openingAt(calendar, at('2027-03-28T12:00:00Z'), 0)).toMatchObject({
      until: at('2027-03-29T06:00:00Z'),
    });
  });

  it('leaves the rest of a window whose first hour it skips', () => {
    // On 28 March 2027 the clock goes from 02:00 to 03:00.
    const calendar = sunday(2 * 60, 4 * 60);
    expect(openingAt(calendar, at('2027-03-28T00:59:00Z'), 0)).toMatchObject({
      open: false,
      until: at('2027-03-28T01:00:00Z'),
    });
    expect(openingAt(calendar, at('2027-03-28T01:30:00Z'), 0)).toEqual({
      open: true,
    });
    expect(openingAt(calendar, at('2027-03-28T02:00:00Z'), 0)).toMatchObject({
      open: false,
    });
  });

  it('skips a window that lies in the hour which does not exist', () => {
    expect(
      openingAt(sunday(2 * 60, 3 * 60), at('2027-03-27T12:00:00Z'), 0),
    ).toMatchObject({ until: at('2027-04-04T00:00:00Z') });
  });

  it('opens a window twice whose hour is repeated', () => {
    // On 25 October 2026 the clock goes from 03:00 back to 02:00.
    const calendar = sunday(2 * 60, 2 * 60 + 30);
    for (const now of ['2026-10-25T00:15:00Z', '2026-10-25T01:15:00Z']) {
      expect(openingAt(calendar, at(now), 0)).toEqual({ open: true });
    }
    expect(openingAt(calendar, at('2026-10-25T00:45:00Z'), 0)).toMatchObject({
      open: false,
      until: at('2026-10-25T01:00:00Z'),
    });
  });

  it.each([
    // On 29 March 2026 the clock goes from 02:00 to 03:00, at 01:00 UTC.
    ['02:30', '04:00', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
    ['02:30', '03:15', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
    ['02:30', '02:45', '2026-03-29T00:30:00Z', '2026-04-05T00:30:00Z'],
    ['03:00', '04:00', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
    ['22:00', '23:00', '2026-03-29T00:30:00Z', '2026-03-29T20:00:00Z'],
    // On 25 October 2026 it goes from 03:00 back to 02:00, at 01:00 UTC.
    ['01:00', '02:30', '2026-10-25T00:40:00Z', '2026-10-25T01:00:00Z'],
    ['02:30', '03:30', '2026-10-25T01:10:00Z', '2026-10-25T01:30:00Z'],
    ['02:30', '03:30', '2026-10-25T02:45:00Z', '2026-11-01T01:30:00Z'],
    ['03:00', '04:00', '2026-10-24T12:00:00Z', '2026-10-25T02:00:00Z'],
  ])('has a window from %s to %s, asked at %s, open at %s', (...of) => {
    const [from, to] = of.slice(0, 2).map(time => {
      const [hours, minutes] = time.split(':').map(Number);
      return hours * 60 + minutes;
    });
    const [now, until] = of.slice(2).map(at);
    const calendar = sunday(from, to);
    expect(openingAt(calendar, now, 0)).toMatchObject({ open: false, until });
    expect(openingAt(calendar, until, 0)).toEqual({ open: true });
    expect(openingAt(calendar, until - 1, 0).open).toBe(false);
  });
});

describe('a freeze', () => {
  it.each([
    ['before it, for what ends before it', '2026-12-19T22:00:00Z', true],
    ['before it, for what would end in it', '2026-12-19T23:30:00Z', false],
    ['in it', '2026-12-24T12:00:00Z', false],
    ['at its end', '2027-01-07T06:00:00Z', true],
  ])('%s', (_title, now, open) => {
    expect(openingAt(FROZEN, at(now), HOUR_MS).open).toBe(open);
  });

  it('names its end and reason', () => {
    expect(openingAt(FROZEN, at('2026-12-24T12:00:00Z'), 0)).toEqual({
      open: false,
      until: at('2027-01-07T06:00:00Z'),
      message: 'Frozen until 7 January 2027, 06:00 UTC: End of the year',
    });
    expect(
      openingAt(FROZEN, at('2026-12-19T23:30:00Z'), HOUR_MS),
    ).toMatchObject({
      message:
        'Would end in the freeze from 20 December 2026, 00:00 UTC to 7 January 2027, 06:00 UTC: End of the year',
    });
  });

  it('ends in a window, or the next one is waited for', () => {
    const calendar = { ...FROZEN, windows: [window({ days: [1, 4] })] };
    // The freeze ends on Thursday at 07:00 in Berlin.
    expect(
      openingAt(calendar, at('2026-12-24T12:00:00Z'), HOUR_MS),
    ).toMatchObject({ until: at('2027-01-07T07:00:00Z') });
  });
});

describe('a calendar that never opens', () => {
  it('says so', () => {
    expect(
      openingAt({ windows: [window({ days: [] })], freezes: [] }, 0, 0),
    ).toEqual({
      open: false,
      until: undefined,
      message: 'No window of acrCmk.campaigns.windows opens within two weeks',
    });
  });
});
