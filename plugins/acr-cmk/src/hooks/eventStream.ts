/** One server-sent event. */
export interface StreamEvent {
  event: string;
  data: string;
  /** Last id seen in the stream. */
  id?: string;
}

/**
 * Parses a `text/event-stream` as the HTML standard says ("Interpreting an event stream"), piece by
 * piece: an event is handed out when its blank line has come, however the pieces were cut.
 */
export function createEventStreamParser(): (piece: string) => StreamEvent[] {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let id: string | undefined;

  function endOfEvent(): StreamEvent | undefined {
    const complete =
      data.length > 0
        ? { event: event || 'message', data: data.join('\n'), id }
        : undefined;
    event = '';
    data = [];
    return complete;
  }

  function field(line: string) {
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
  }

  return piece => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    // A CR at the very end may be the first half of a CRLF, so it waits with the unfinished line.
    rest = lines.pop() ?? '';
    const complete: StreamEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        const finished = endOfEvent();
        if (finished) complete.push(finished);
      } else {
        field(line);
      }
    }
    return complete;
  };
}
