import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { VersionTimeline } from './VersionTimeline';
import { timelineStates } from './VersionTimeline.states';
import { timelineOf } from './timeline';

describe('the version timeline', () => {
  it.each(Object.entries(timelineStates))(
    'tells in words and in a table what it draws: %s',
    async (_, state) => {
      const props = state();
      renderView(<VersionTimeline {...props} />, { api: new InMemoryAcrCmk() });

      const picture = await screen.findByRole('img', { name: /The key has/ });
      expect(picture).toBeVisible();
      await userEvent.click(screen.getByText('Show the versions as a table'));
      const table = screen.getByRole('table', { name: 'Versions over time' });
      expect(within(table).getAllByRole('rowheader')).toHaveLength(
        props.registryKey.versions.length,
      );
      expect(await axeFindings()).toEqual([]);
    },
  );

  it.each(Object.entries(timelineStates))(
    'keeps everything on the picture, in the order of time: %s',
    (_, state) => {
      const { registryKey, consumers } = state();
      const timeline = timelineOf(registryKey, consumers, Date.now());
      const places = timeline.versions.map(({ at }) => at);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      for (const place of [...places, timeline.now, timeline.expires ?? 0]) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(100);
      }
    },
  );

  it('counts how far the version in use is behind the latest', () => {
    const newer = (name: string) => {
      const { registryKey, consumers } = timelineStates[name]();
      return timelineOf(registryKey, consumers, Date.now()).newer;
    };
    expect(newer('the newest is in use')).toBe(0);
    expect(newer('two behind')).toBe(2);
    expect(newer('two hundred versions')).toBe(50);
    expect(newer('every kind of version')).toBe(0);
  });
});
