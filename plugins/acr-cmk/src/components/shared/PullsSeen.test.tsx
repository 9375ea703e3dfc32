import { screen } from '@testing-library/react';
import type { Pulls } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { minutesAgo } from '../../fixtures/ids';
import { renderView } from '../../__testUtils__/render';
import { PullsSeen } from './PullsSeen';

async function show(pulls: Partial<Pulls>) {
  renderView(
    <div data-testid="pulls">
      <PullsSeen
        pulls={{
          wanted: 'refused',
          state: 'reached',
          since: minutesAgo(5),
          status: 403,
          checkedAt: minutesAgo(5),
          until: minutesAgo(-100),
          ...pulls,
        }}
      />
    </div>,
    { api: new InMemoryAcrCmk() },
  );
  return screen.findByTestId('pulls');
}

const ONE_OF_FOUR =
  'The test reached one of 4 regions; the others are not known.';
const UNKNOWN =
  'The test reached one region; whether there are others is not known.';

describe('the region that a test of pulls reached', () => {
  it.each<[string, Partial<Pulls>, string]>([
    ['refused', { regions: 4 }, ONE_OF_FOUR],
    [
      'still served',
      { state: 'unreached', status: 200, regions: 4 },
      ONE_OF_FOUR,
    ],
    [
      'refused as before',
      { state: 'untested', reason: 'refused-before', regions: 4 },
      ONE_OF_FOUR,
    ],
    ['under way', { state: 'watching', regions: 4 }, ONE_OF_FOUR],
    ['without the right to list them', {}, UNKNOWN],
  ])('is said: %s', async (_what, pulls, text) => {
    expect(await show(pulls)).toHaveTextContent(text);
  });

  it.each<[string, Partial<Pulls>]>([
    ['has one region', { regions: 1 }],
    ['did not answer', { state: 'watching', status: undefined }],
    [
      'was not tested',
      { state: 'untested', reason: 'not-allowed', regions: 4 },
    ],
  ])('is not said where the registry %s', async (_what, pulls) => {
    expect(await show(pulls)).not.toHaveTextContent(/region/);
  });
});
