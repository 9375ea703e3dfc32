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

/** Draws the component again from time to time, so that its distances in time stay true. */
function useTick(): void {
  const [, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks(ticks => ticks + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
}

function exactly(at: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'full',
    timeStyle: 'long',
  }).format(at);
}

/**
 * "2 minutes ago", with the exact time on hover. For what has happened: when the viewer's clock is
 * behind the server's, it was just now.
 */
export function Ago({ at }: { at: string }) {
  return <Distance at={at} latest={0} />;
}

/** "in 3 days", with the exact time on hover. For what will happen, or should have. */
export function Until({ at }: { at: string }) {
  return <Distance at={at} latest={Infinity} />;
}

function Distance({ at, latest }: { at: string; latest: number }) {
  useTick();
  const locale = useLocale();
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactly(date, locale)}>
      {distance(Math.min(date.getTime() - Date.now(), latest), locale)}
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
