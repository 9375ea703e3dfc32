import { act, render, screen } from '@testing-library/react';
import { renderView } from '../../__testUtils__/render';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { Ago, Day, Until } from './Time';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

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

describe('a time in words', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const words = (title: RegExp) => screen.getByTitle(title).textContent;

  it('of something to come is now once it is due, until it was seen', () => {
    render(<Until at={at(1)} />);
    expect(words(/November 25/)).toBe('in 1 minute');
    act(() => {
      jest.advanceTimersByTime(5 * 60_000);
    });
    expect(words(/November 25/)).toBe('now');
  });

  it('of something that has happened is now where the clock of the viewer is behind', () => {
    render(<Ago at={at(2)} />);
    expect(words(/November 25/)).toBe('now');
  });
});

describe("a day by Azure's clock", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is the same wherever the viewer is', () => {
    const { DateTimeFormat } = Intl;
    // Formatters are kept by locale: this one has none yet.
    jest.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-NZ']);
    jest.spyOn(Intl, 'DateTimeFormat').mockImplementation(
      (locale, options) =>
        new DateTimeFormat(locale, {
          timeZone: 'Pacific/Auckland',
          ...options,
        }),
    );
    const expires = '2026-11-30T23:30:00Z';
    render(
      <>
        <Day at={expires} inUtc />
        <Day at={expires} />
      </>,
    );
    expect(
      screen.getAllByText(/2026/).map(({ textContent }) => textContent),
    ).toEqual(['30 Nov 2026', '1 Dec 2026']);
  });
});
