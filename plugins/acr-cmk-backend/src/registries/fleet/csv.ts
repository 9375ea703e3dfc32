/** Comma-separated values (RFC 4180) that a spreadsheet opens without running anything. */

/**
 * Beginning that a spreadsheet may take for a formula: the four characters, their full-width twins, and
 * white space before them.
 */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/** One cell. An apostrophe before it makes it a text. */
function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless)
    ? `"${harmless.replaceAll('"', '""')}"`
    : harmless;
}

/** One line, with its end. */
export function csvLine(
  values: readonly (string | number | undefined)[],
): string {
  return `${values.map(cell).join(',')}\r\n`;
}

/** Cells of a line, by the titles of their columns. */
export type CsvColumns<T> = Record<
  string,
  (of: T) => string | number | undefined
>;

export const csvHeader = <T>(columns: CsvColumns<T>): string =>
  csvLine(Object.keys(columns));

export function csvLines<T>(columns: CsvColumns<T>, all: readonly T[]): string {
  const cells = Object.values(columns);
  return all.map(of => csvLine(cells.map(valueIn => valueIn(of)))).join('');
}
