import { createEventStreamParser, type StreamEvent } from './eventStream';

function parse(...pieces: string[]): StreamEvent[] {
  const parser = createEventStreamParser();
  return pieces.flatMap(parser);
}

const EVENT = 'id: 7\nevent: operation\ndata: {"a":1}\n\n';
const PARSED = { id: '7', event: 'operation', data: '{"a":1}' };

describe('the parser of server-sent events', () => {
  it.each<[why: string, pieces: string[], events: StreamEvent[]]>([
    ['one event in one piece', [EVENT], [PARSED]],
    ['two events in one piece', [EVENT + EVENT], [PARSED, PARSED]],
    ['lines that end in CR LF', [EVENT.replace(/\n/g, '\r\n')], [PARSED]],
    ['lines that end in CR', [`${EVENT.replace(/\n/g, '\r')}:`], [PARSED]],
    [
      'a CR LF that is cut in two',
      ['data: x\r', '\n\r', '\n'],
      [{ event: 'message', data: 'x', id: undefined }],
    ],
    [
      'data over several lines',
      ['data: a\ndata:\ndata: b\n\n'],
      [{ event: 'message', data: 'a\n\nb', id: undefined }],
    ],
    [
      'no space after the colon',
      ['data:x\n\n'],
      [{ event: 'message', data: 'x', id: undefined }],
    ],
    [
      'a comment that keeps the line alive',
      [':\n\n', ': ping\n\n', EVENT],
      [PARSED],
    ],
    [
      'fields that it does not know',
      [`retry: 10\nfoo: bar\n${EVENT}`],
      [PARSED],
    ],
    ['an event without data is none', ['event: operation\n\n'], []],
    ['an event that is not complete yet', [EVENT.slice(0, -1)], []],
    [
      'an id that lasts for the events after it',
      [`${EVENT}data: x\n\n`],
      [PARSED, { event: 'message', data: 'x', id: '7' }],
    ],
  ])('takes %s', (_why, pieces, events) => {
    expect(parse(...pieces)).toEqual(events);
  });

  it('gives the same events however the stream is cut', () => {
    const stream = EVENT + EVENT.replace(/\n/g, '\r\n');
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual([
        PARSED,
        PARSED,
      ]);
    }
    expect(parse(...stream)).toEqual([PARSED, PARSED]);
  });
});
