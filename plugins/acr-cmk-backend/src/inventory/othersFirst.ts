/** Lets whatever waits for this thread have its turn, such as requests. */
export const othersFirst = () =>
  new Promise<void>(resolve => {
    setImmediate(resolve);
  });
