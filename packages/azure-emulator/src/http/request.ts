import type { IncomingMessage } from 'node:http';
import type { Cloud } from './cloud';
import { newGuid } from '../state/ids';
import { serviceOfHost } from './hosts';
import type { Request } from '../types';

export function parseRequest(
  incoming: IncomingMessage,
  cloud: Pick<Cloud, 'toInternal'>,
): Request {
  const host = cloud.toInternal(incoming.headers.host ?? '');
  const service = serviceOfHost(host);
  if (!service) {
    throw new Error(`The proxy let an unknown host through: ${host}`);
  }
  return {
    ...parseTarget(cloud.toInternal(incoming.url ?? '/')),
    id:
      headerText(incoming.headers['x-ms-correlation-request-id']) ?? newGuid(),
    service,
    host,
    method: incoming.method ?? 'GET',
    headers: incoming.headers,
    body: {},
    remoteAddress: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

export function parseTarget(
  target: string,
): Pick<Request, 'path' | 'query' | 'rawQuery'> {
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1);
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    query.set(name.toLowerCase(), value);
  }
  const path = `/${rawPath.split('/').filter(Boolean).map(decode).join('/')}`;
  return { path, query, rawQuery };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
