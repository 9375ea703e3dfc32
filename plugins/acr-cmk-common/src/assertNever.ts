/** Default of an exhaustive switch: the compiler reports a missing case. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected ${JSON.stringify(value)}`);
}
