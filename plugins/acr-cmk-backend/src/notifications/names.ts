import type { Message } from './message';

/** Refs of people and groups within a text. */
const REFS = /\b(?:user|group):[\w-]+(?:\.[\w-]+)*\/[\w-]+(?:\.[\w-]+)*/gi;

/** Names of people and groups, by their refs in lower case. One that is not known is left out. */
export type NamesOf = (
  refs: readonly string[],
) => Promise<ReadonlyMap<string, string>>;

/** People and groups that messages mention, in lower case, each once. */
export function refsIn(messages: readonly Message[]): string[] {
  const refs = messages.flatMap(({ title, description = '' }) => [
    ...(`${title}\n${description}`.match(REFS) ?? []),
  ]);
  return [...new Set(refs.map(ref => ref.toLowerCase()))];
}

/** The message with names instead of refs; of one without a name, the last part of the ref. */
export function withNames(
  message: Message,
  names: ReadonlyMap<string, string>,
): Message {
  const named = (text: string) =>
    text.replace(
      REFS,
      ref =>
        names.get(ref.toLowerCase()) ?? ref.slice(ref.lastIndexOf('/') + 1),
    );
  return {
    ...message,
    title: named(message.title),
    ...(message.description !== undefined && {
      description: named(message.description),
    }),
  };
}
