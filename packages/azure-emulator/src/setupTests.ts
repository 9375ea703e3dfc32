// Generating a real key pair takes seconds on a busy machine.
const PATIENCE_MS = 60_000;
jest.setTimeout(PATIENCE_MS);

// As Node has it. Jest keeps a hundred frames, and `agent-base` makes a stack for every request through a proxy.
Error.stackTraceLimit = 10;
