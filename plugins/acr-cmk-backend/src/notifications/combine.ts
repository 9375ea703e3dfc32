import { createHash } from 'node:crypto';
import { EVENT_KINDS } from './kinds';
import type { NewMessage } from './Outbox';

/** Message about one operation, by its kind. */
export interface EventMessage extends NewMessage {
  kind: string;
}

/** Operations that are named; more are counted. */
const MAX_NAMED = 5;
/** The worst first. */
const SEVERITIES = ['critical', 'high', 'normal', 'low'] as const;

/** Puts what one recipient gets of the same kind into one message. Pure. */
export function combined(messages: readonly EventMessage[]): NewMessage[] {
  const groups = new Map<string, EventMessage[]>();
  for (const message of messages) {
    const { kind, recipient, excluded = '' } = message;
    const name = [kind, recipient, excluded].join('\n');
    groups.set(name, [...(groups.get(name) ?? []), message]);
  }
  return [...groups.values()].map(group =>
    group.length === 1 ? withoutKind(group[0]) : digestOf(group),
  );
}

function withoutKind({ kind: _kind, ...message }: EventMessage): NewMessage {
  return message;
}

function digestOf(group: readonly EventMessage[]): NewMessage {
  const [{ kind, recipient, excluded, payload: first }] = group;
  const { many } = EVENT_KINDS[kind];
  const titles = group.map(({ payload: { title } }) =>
    title.replace(/\.$/, ''),
  );
  const more = titles.length - MAX_NAMED;
  return {
    scope: `several:${createHash('sha256')
      .update(group.map(({ scope }) => scope).join('\n'))
      .digest('hex')}`,
    recipient,
    excluded,
    payload: {
      topic: first.topic,
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
