import { turnOfEventLoop } from './yieldToEventLoop';

it('begins one piece of work in each round of the event loop', async () => {
  let round = 0;
  let isOver = false;
  const count = () => {
    round += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const rounds = await Promise.all(
    Array.from({ length: 5 }, async () => {
      await turnOfEventLoop();
      return round;
    }),
  );
  isOver = true;
  expect(new Set(rounds).size).toBe(5);
});
