/** The end of a switch that has an arm for every case: the compiler says when one is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected ${JSON.stringify(value)}`);
}
