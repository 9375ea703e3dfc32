import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { minutesAgo, version } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { KEY_URI, keyWith, versions } from '../../fixtures/keys';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { FIRST_SHOWN } from './VersionTable';
import { VersionTimeline } from './VersionTimeline';
import { timelineStates } from './VersionTimeline.states';
import { anchorOf, timelineOf } from './timeline';
import { showTab } from '../EncryptionTab/__testUtils__/showTab';

describe('the version timeline', () => {
  it.each(
    Object.entries(timelineStates).filter(
      ([, state]) => state().registryKey.versions.length > 1,
    ),
  )('describes in text and in a table what it draws: %s', async (_, state) => {
    const props = state();
    renderView(<VersionTimeline {...props} />, { api: new InMemoryAcrCmk() });

    const picture = await screen.findByRole('img', {
      name: /versions? of the key/,
    });
    expect(picture).toBeVisible();
    await userEvent.click(screen.getByText('Show versions as a table'));
    const table = screen.getByRole('table', { name: 'Versions over time' });
    expect(within(table).getAllByRole('rowheader')).toHaveLength(
      Math.min(props.registryKey.versions.length, FIRST_SHOWN),
    );
    expect(await axeFindings()).toEqual([]);
  });

  it('draws nothing of a single version, and has it in the table', async () => {
    renderView(
      <VersionTimeline {...timelineStates['one version, made just now']()} />,
      { api: new InMemoryAcrCmk() },
    );
    const table = await screen.findByRole('table', {
      name: 'Versions over time',
    });
    expect(within(table).getAllByRole('rowheader')).toHaveLength(1);
    expect(screen.queryByRole('img', { name: /of the key/ })).toBeNull();
    expect(screen.queryByText('Show versions as a table')).toBeNull();
    expect(await axeFindings()).toEqual([]);
  });

  it.each(Object.entries(timelineStates))(
    'keeps everything inside the chart, in the order of time: %s',
    (_, state) => {
      const { registryKey, consumers } = state();
      const timeline = timelineOf(registryKey, consumers, { now: Date.now() });
      const places = timeline.versions.map(({ at }) => at);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      for (const place of [...places, timeline.now, timeline.expires ?? 0]) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(100);
      }
    },
  );

  it('counts the enabled versions that are newer than the one in use', () => {
    const newer = (name: string) => {
      const { registryKey, consumers } = timelineStates[name]();
      return timelineOf(registryKey, consumers, { now: Date.now() }).newer;
    };
    expect(newer('the newest is in use')).toBe(0);
    expect(newer('two behind')).toBe(2);
    expect(newer('two hundred versions')).toBe(5);
    expect(newer('every kind of version')).toBe(0);
  });
});

it('draws an expiry that has passed before now, and calls it so', async () => {
  const state = timelineStates['the version in use has expired']();
  const { expires, now, to } = timelineOf(state.registryKey, [], {
    now: Date.now(),
  });
  expect(expires).toBeLessThan(now);
  expect(Date.now() - to).toBeLessThan(60_000);
  renderView(<VersionTimeline {...state} />, { api: new InMemoryAcrCmk() });
  const picture = await screen.findByRole('img', {
    name: /versions? of the key/,
  });
  expect(within(picture).getByText('Expired')).toBeInTheDocument();
  expect(within(picture).queryByText('Expires')).toBeNull();
});

describe('the table of versions', () => {
  it('copies every version, and offers none that is disabled, expired, inactive or in use', async () => {
    renderView(
      <VersionTimeline
        {...timelineStates['every kind of version']()}
        onUseVersion={() => undefined}
      />,
      { api: new InMemoryAcrCmk() },
    );
    await userEvent.click(await screen.findByText('Show versions as a table'));
    // Only the oldest of the five is enabled, valid and not in use.
    expect(
      screen.getAllByRole('button', { name: /^Use version/ }),
    ).toHaveLength(1);
    expect(
      screen.getAllByRole('button', { name: 'Copy: Version' }),
    ).toHaveLength(5);
  });

  it('shows the latest of many versions first, and the rest on demand', async () => {
    renderView(
      <VersionTimeline
        {...timelineStates['the version in use is not among those listed']()}
        registryKey={keyWith({ versions: versions(FIRST_SHOWN + 2) })}
      />,
      { api: new InMemoryAcrCmk() },
    );
    await userEvent.click(await screen.findByText('Show versions as a table'));
    const rows = () => screen.getAllByRole('rowheader');
    expect(rows()).toHaveLength(FIRST_SHOWN);
    expect(rows()[0]).toHaveTextContent(version(FIRST_SHOWN + 2));
    await press('Show 2 more');
    expect(rows()).toHaveLength(FIRST_SHOWN + 2);
  });

  it('opens the plan to use an older version from the tab', async () => {
    showTab();
    await userEvent.click(await screen.findByText('Show versions as a table'));
    expect(
      screen.getAllByRole('button', { name: /^Use version/ }),
    ).toHaveLength(2);
    await press('Use version 3f2a91c1…');

    const dialog = await screen.findByRole('dialog');
    expect(
      within(dialog).getByRole('radio', { name: /^Another key/ }),
    ).toBeChecked();
    expect(
      within(dialog).getByRole('textbox', { name: 'Key URI' }),
    ).toHaveValue(`${KEY_URI}/${version(1)}`);
    // The name comes with the plan.
    expect(
      await within(dialog).findByRole('button', { name: 'Change version' }),
    ).toBeVisible();
  });
});

describe('a label of the timeline', () => {
  it('never overlaps the line of now or of the expiry where it fits on either side', () => {
    const crossing: object[] = [];
    for (const width of [16, 45]) {
      for (let at = 0; at <= 100; at += 1) {
        for (let line = at; line <= 100; line += 1) {
          if (at < width && at + width > line) continue;
          const anchor = anchorOf(at, width, [0, line]);
          const left = { start: at, middle: at - width / 2, end: at - width };
          if (left[anchor] < 0 || left[anchor] + width > line) {
            crossing.push({ width, at, line, anchor });
          }
        }
      }
    }
    expect(crossing).toEqual([]);
  });

  it.each([
    ['a minute', 1],
    ['an hour', 60],
    ['two hours', 120],
  ])('stands apart from now when the key is %s old', (_age, minutes) => {
    const key = keyWith({
      versions: [
        { version: version(1), enabled: true, created: minutesAgo(minutes) },
      ],
      latestVersion: version(1),
      versionInUse: version(1),
    });
    const { latest, now, from, to } = timelineOf(key, [], { now: Date.now() });
    expect(to - from).toBeGreaterThanOrEqual(3_600_000);
    expect(now).toBe(97);
    expect(latest!.at).toBeLessThan(now);
    expect(latest!.at).toBeGreaterThanOrEqual(3);
  });
});
