// Key pairs are real: on a busy machine one takes seconds.
const PATIENCE_MS = 60_000;
jest.setTimeout(PATIENCE_MS);
