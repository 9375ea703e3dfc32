import { createHash } from 'node:crypto';
import { EVENT_KINDS } from './kinds';
import { MAX_NAMED, SEVERITIES } from './message';
import type { NewMessage } from './Outbox';

/** Message about one event, by its kind. */
export interface EventMessage extends NewMessage {
  kind: string;
}

/** Puts what one recipient gets of the same kind into one message, where the kind has such a message. Pure. */
export function combined(messages: readonly EventMessage[]): NewMessage[] {
  const groups = Map.groupBy(
    messages,
    ({ kind, recipient, excluded = '', scope }) =>
      [kind, recipient, excluded, EVENT_KINDS[kind].many ? '' : scope].join(
        '\n',
      ),
  );
  return [...groups.values()].map(digestOf);
}

function digestOf(group: readonly EventMessage[]): NewMessage {
  const [{ kind, ...message }] = group;
  const { many } = EVENT_KINDS[kind];
  // Of one recipient and scope, the first message counts.
  if (group.length === 1 || !many) return message;
  const titles = group.map(({ payload: { title } }) =>
    title.replace(/\.$/, ''),
  );
  const more = titles.length - MAX_NAMED;
  return {
    scope: `several:${createHash('sha256')
      .update(group.map(({ scope }) => scope).join('\n'))
      .digest('hex')}`,
    recipient: message.recipient,
    excluded: message.excluded,
    payload: {
      topic: message.payload.topic,
      severity: SEVERITIES.find(severity =>
        group.some(each => each.payload.severity === severity),
      ),
      title: many.title(group.length),
      description: `${titles.slice(0, MAX_NAMED).join('. ')}${
        more > 0 ? `. And ${more} more` : ''
      }.`,
      link: many.link,
    },
  };
}
