import { chooseCampaign } from './client/campaignChoices';
import { chooseRequest } from './client/choices';
import { chooseTurn, THREADS } from './nemesis/disturbances';
import { Random } from './random';

const LIMITS = { pastLeaseMs: 33_000 };
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

const requestsOf = (seed: number) =>
  upTo(200).map(n => chooseRequest(new Random(seed).fork('client-0'), 0, n));
const turnsOf = (seed: number) =>
  Object.keys(THREADS).flatMap(thread =>
    upTo(100).map(n =>
      chooseTurn(new Random(seed), { thread, index: n }, LIMITS),
    ),
  );

describe('the choices of a seed', () => {
  it('are the same each time, and others for another seed', () => {
    expect(requestsOf(7)).toEqual(requestsOf(7));
    expect(turnsOf(7)).toEqual(turnsOf(7));
    expect(requestsOf(8)).not.toEqual(requestsOf(7));
    expect(turnsOf(8)).not.toEqual(turnsOf(7));
  });

  it('depend on their number, not on how many were made before', () => {
    const random = new Random(7).fork('client-0');
    upTo(13).forEach(n => chooseRequest(random, 0, n));
    expect(chooseRequest(random, 0, 50)).toEqual(requestsOf(7)[50]);
  });

  it('have every intent and every disturbance among them', () => {
    const intents = new Set(requestsOf(7).map(({ intent }) => intent.kind));
    expect([...intents].sort()).toEqual([
      'automatic-rotation',
      'create-registry',
      'restore',
      'retire',
      'revoke',
      'rotate',
    ]);
    const kinds = new Set(
      turnsOf(7).map(({ disturbance }) => disturbance.kind),
    );
    expect([...kinds].sort()).toEqual([
      'arm faults',
      'crash PostgreSQL',
      'cut the database',
      'disturb the database',
      'freeze a backend',
      'kill Azure',
      'kill a backend',
      "move Azure's clock",
      'restart a backend',
    ]);
  });

  it('have every change and every command of campaigns among the first few', () => {
    const campaigns = (seed: number) =>
      upTo(4).map(n => chooseCampaign(new Random(seed), n));
    expect(campaigns(7)).toEqual(campaigns(7));
    expect(campaigns(8)).not.toEqual(campaigns(7));
    expect(campaigns(7).map(({ intent }) => intent.kind)).toEqual(
      expect.arrayContaining([
        'automatic-mode',
        'automatic-rotation',
        'new-version',
      ]),
    );
    expect(campaigns(7).map(({ command }) => command)).toEqual(
      expect.arrayContaining(['abort', 'pause', 'skip']),
    );
  });

  it('outlast a lease only where there is time for it', () => {
    const freezes = (limits: { pastLeaseMs?: number }) =>
      upTo(200).flatMap(n => {
        const { disturbance } = chooseTurn(
          new Random(7),
          { thread: 'processes', index: n },
          limits,
        );
        return disturbance.kind === 'freeze a backend' ? [disturbance.ms] : [];
      });
    expect(Math.max(...freezes({}))).toBeLessThan(10_000);
    expect(Math.max(...freezes(LIMITS))).toBeGreaterThan(33_000);
  });
});

describe('a random number', () => {
  const numbers = upTo(10_000);

  it('is spread evenly over its range', () => {
    const random = new Random('spread');
    const mean = numbers.reduce(sum => sum + random.next(), 0) / numbers.length;
    expect(mean).toBeGreaterThan(0.48);
    expect(mean).toBeLessThan(0.52);
    const faces = new Set(numbers.map(() => random.between(1, 6)));
    expect([...faces].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('picks in proportion to the weights', () => {
    const random = new Random('weights');
    const heavy = numbers.filter(
      () =>
        random.weighted([
          [9, 'heavy'],
          [1, 'light'],
        ]) === 'heavy',
    );
    expect(heavy.length / numbers.length).toBeCloseTo(0.9, 1);
  });
});
