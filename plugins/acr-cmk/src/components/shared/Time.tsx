import { appLanguageApiRef } from '@backstage/core-plugin-api/alpha';
import { useApiHolder } from '@backstage/core-plugin-api';
import { useEffect, useState } from 'react';
import { distance } from './distance';

/** How often a distance such as "2 minutes ago" is worked out again. */
const TICK_MS = 15_000;

/**
 * The viewer's locale: the portal's language, in the viewer's own regional spelling where their
 * browser speaks it.
 */
export function useLocale(): string {
  const language = useApiHolder()
    .get(appLanguageApiRef)
    ?.getLanguage().language;
  const own = navigator.languages.find(
    locale => !language || locale.split('-')[0] === language.split('-')[0],
  );
  return own ?? language ?? navigator.language;
}

/** The time now, again and again. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function exactly(at: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'full',
    timeStyle: 'long',
  }).format(at);
}

/** "2 minutes ago", with the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const locale = useLocale();
  // A clock that ticked before this time was made is behind it.
  const now = Math.max(useNow(), 0);
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {distance(date.getTime() - now, locale)}
    </time>
  );
}

/** A date, with the exact time on hover. */
export function Day({ at }: { at: string }) {
  const locale = useLocale();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(date)}
    </time>
  );
}
