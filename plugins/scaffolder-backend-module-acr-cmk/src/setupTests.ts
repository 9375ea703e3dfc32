/**
 * As Node has it. Jest keeps a hundred, and finds the place in the source of each; `agent-base` makes a stack
 * for every request through a proxy, to see whether it is for HTTPS.
 */
Error.stackTraceLimit = 10;
