/** Lets the event loop serve what waits, such as requests, before a long piece of work continues. */
export const yieldToEventLoop = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve);
  });
