import type { AssumptionChanges } from './assumptionSettings';

/** How the report of `azure:check` says what it is. */
const REPORT = /^azure-check\/(\d+)$/;
const READABLE_VERSION = '1';

/**
 * The assumptions in the text of a file: an object with those that differ from the defaults, or a report of
 * `azure:check`, which has such an object as `emulator`. What the values may be is checked by the emulator.
 * Throws an error that says what is wrong with the file.
 */
export function assumptionsIn(text: string): AssumptionChanges {
  const content: unknown = JSON.parse(text);
  if (typeof content !== 'object' || content === null) {
    throw new Error('it has no object.');
  }
  const { schema, emulator } = content as Record<string, unknown>;
  if (schema === undefined) return content;
  const version = REPORT.exec(String(schema))?.[1];
  if (version !== READABLE_VERSION) {
    throw new Error(
      `its schema is '${schema}', and this emulator reads azure-check/${READABLE_VERSION}.`,
    );
  }
  if (typeof emulator !== 'object' || emulator === null) {
    throw new Error("it is a report without 'emulator'.");
  }
  return emulator;
}
