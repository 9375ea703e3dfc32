import { parsePolicyDuration } from 'backstage-plugin-acr-cmk-common';

/** A duration of a rotation policy in words: "90 days", "1 year, 6 months". */
export function policyDuration(text: string, locale: string): string {
  const duration = parsePolicyDuration(text);
  if (!duration) return text;
  const parts = (
    [
      ['year', duration.years],
      ['month', duration.months],
      ['week', duration.weeks],
      ['day', duration.days],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([unit, count]) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'long',
      }).format(count),
    );
  return parts.join(', ');
}
