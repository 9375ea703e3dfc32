import { screen } from '@testing-library/react';
import { renderView } from '../../__testUtils__/render';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { WeeksChart } from './WeeksChart';

it('names the day before which everything of the first bar is', async () => {
  const starts = ['2026-11-30', '2026-12-07', '2026-12-14', '2026-12-21'];
  renderView(
    <WeeksChart
      weeks={starts.map(start => ({
        start: `${start}T00:00:00.000Z`,
        expiries: 1,
        rotations: 0,
      }))}
    />,
    { api: new InMemoryAcrCmk() },
  );
  expect(await screen.findByText('< Dec 7, 2026')).toBeVisible();
  expect(screen.queryByText(/Nov 30/, { selector: 'text' })).toBeNull();
});
