/** Texts beside each other, without those that are missing. */
export function joined(
  parts: readonly (string | number | false | null | undefined)[],
  separator = ' · ',
): string {
  return parts.filter(Boolean).join(separator);
}
