import { distance } from 'fastest-levenshtein';
import { quote } from './text';

/**
 * Joins words as in `a, b or c`.
 *
 * @public
 */
export function orList(words: readonly string[]): string {
  return words.length < 2
    ? words.join()
    : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

/**
 * The word of the list that is spelled most like `given`, if any is close.
 *
 * @public
 */
export function nearestWord(
  given: string,
  words: readonly string[],
): string | undefined {
  const [best] = words
    .map(word => ({
      word,
      far: distance(given.toLowerCase(), word.toLowerCase()),
    }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(2, Math.floor(best.word.length / 3))
    ? best.word
    : undefined;
}

const lastOf = (setting: string) => setting.slice(setting.lastIndexOf('.') + 1);

/**
 * The problem of a key in app-config that is not a setting. It suggests a sibling that is spelled like it, else a
 * setting of the same name in another place, else all siblings.
 *
 * @param settings - all settings, by their full places
 * @returns the message, and the setting that the key is most likely a misspelling of
 * @public
 */
export function unknownSetting(
  { parent, key }: { parent: string; key: string },
  siblings: readonly string[],
  settings: readonly string[],
): { message: string; meant?: string } {
  const place = `${parent}.${quote(key).slice(1, -1)}`;
  const sibling = nearestWord(key, siblings);
  if (sibling) {
    const meant = `${parent}.${sibling}`;
    return {
      message: `${place} is not a setting; did you mean ${meant}?`,
      meant,
    };
  }
  const elsewhere = settings.filter(
    setting =>
      lastOf(setting).toLowerCase() === key.toLowerCase() &&
      !setting.includes('[]'),
  );
  return {
    message:
      elsewhere.length > 0
        ? `${place} is not a setting; did you mean ${orList(elsewhere)}?`
        : `${place} is not a setting; ${parent} may have ${orList(siblings)}`,
  };
}
