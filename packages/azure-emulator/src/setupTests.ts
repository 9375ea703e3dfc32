// Generating a real key pair takes seconds on a busy machine.
const PATIENCE_MS = 60_000;
jest.setTimeout(PATIENCE_MS);
