import { appLanguageApiRef } from '@backstage/core-plugin-api/alpha';
import { type ApiHolder, useApiHolder } from '@backstage/core-plugin-api';
import { useSyncExternalStore } from 'react';
import { byLocale, distance, duration } from './relativeTime';

/** Interval at which relative times such as "2 minutes ago" are updated: the first ones count seconds. */
const TICK_MS = 1000;

/**
 * The viewer's locale: the portal's language, in the viewer's own regional spelling where their
 * browser speaks it.
 */
export function useLocale(): string {
  return localeOf(useApiHolder());
}

/** Locale of the viewer where there is no component. */
export function localeOf(apis: ApiHolder): string {
  const language = apis.get(appLanguageApiRef)?.getLanguage().language;
  const own = navigator.languages.find(
    locale => !language || locale.split('-')[0] === language.split('-')[0],
  );
  return own ?? language ?? navigator.language;
}

const onTick = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** One timer for all relative times, which runs while there are any. */
function subscribe(listener: () => void): () => void {
  onTick.add(listener);
  ticking ??= setInterval(() => onTick.forEach(notify => notify()), TICK_MS);
  return () => {
    onTick.delete(listener);
    if (onTick.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

function formatTime(options: Intl.DateTimeFormatOptions) {
  const formatter = byLocale(
    locale => new Intl.DateTimeFormat(locale, options),
  );
  return (at: string | number, locale: string) =>
    formatter(locale).format(new Date(at));
}

const exact = formatTime({ dateStyle: 'full', timeStyle: 'long' });

/** "Nov 25, 2026". */
export const dayInWords = formatTime({ dateStyle: 'medium' });

/** Day in UTC, for days of Azure or the server. */
export const utcDayInWords = formatTime({
  dateStyle: 'medium',
  timeZone: 'UTC',
});

/** "Nov 25, 2026, 3:04 PM". */
export const timeInWords = formatTime({
  dateStyle: 'medium',
  timeStyle: 'short',
});

/**
 * "2 minutes ago", with the exact time on hover. For what has happened: when the viewer's clock is
 * behind the server's, it was just now.
 */
export function Ago({ at }: { at: string }) {
  return (
    <Ticking
      at={at}
      inWords={(ms, locale) => distance(Math.min(ms, 0), locale)}
    />
  );
}

/**
 * "in 3 days", with the exact time on hover. For what will happen: what is due and has not been seen yet is
 * "now".
 */
export function Until({ at }: { at: string }) {
  return (
    <Ticking
      at={at}
      inWords={(ms, locale) => distance(Math.max(ms, 0), locale)}
    />
  );
}

/** "30 days", with the exact start on hover. For what still holds: units are counted in full. */
export function For({ since }: { since: string }) {
  return (
    <Ticking
      at={since}
      inWords={(ms, locale) => duration(-ms / 1000, locale, { full: true })}
    />
  );
}

/** Whether a time has passed, by the viewer's clock. */
export function useHasPassed(at: string): boolean {
  return useSyncExternalStore(
    subscribe,
    () => new Date(at).getTime() <= Date.now(),
  );
}

/** Words about the time from now to a moment, in milliseconds. Rendered again only when they change. */
function Ticking(props: {
  at: string;
  inWords(milliseconds: number, locale: string): string;
}) {
  const { at, inWords } = props;
  const locale = useLocale();
  const time = Date.parse(at);
  const words = useSyncExternalStore(subscribe, () =>
    inWords(time - Date.now(), locale),
  );
  return <Moment at={at}>{words}</Moment>;
}

/** Words for a moment, which is exact on hover. */
function Moment({ at, children }: { at: string; children: string }) {
  const locale = useLocale();
  return (
    <time dateTime={at} title={exact(at, locale)}>
      {children}
    </time>
  );
}

/**
 * A date, with the exact time on hover.
 *
 * @param inUtc - the day is one by Azure's clock, such as that of an expiry, wherever the viewer is
 */
export function Day({ at, inUtc = false }: { at: string; inUtc?: boolean }) {
  const locale = useLocale();
  const inWords = inUtc ? utcDayInWords : dayInWords;
  return <Moment at={at}>{inWords(at, locale)}</Moment>;
}
