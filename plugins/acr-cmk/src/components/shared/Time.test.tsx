import { act, screen } from '@testing-library/react';
import { renderView } from '../../__testUtils__/render';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { Ago, Until } from './Time';

it('counts seconds without a new answer', async () => {
  const start = Date.parse('2026-11-25T12:00:00Z');
  const now = jest.spyOn(Date, 'now').mockReturnValue(start);
  const setInterval = jest.spyOn(window, 'setInterval');
  renderView(
    <>
      <Ago at="2026-11-25T11:59:55Z" />
      <Until at="2026-11-25T12:00:20Z" />
    </>,
    { api: new InMemoryAcrCmk() },
  );
  expect(await screen.findByText('5 seconds ago')).toBeVisible();
  expect(screen.getByText('in 20 seconds')).toBeVisible();

  now.mockReturnValue(start + 13_000);
  const tick = setInterval.mock.calls.find(([, ms]) => ms === 1000)!;
  act(() => (tick[0] as () => void)());
  expect(screen.getByText('18 seconds ago')).toBeVisible();
  expect(screen.getByText('in 7 seconds')).toBeVisible();
});
