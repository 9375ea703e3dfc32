import type { ServerResponse } from 'node:http';
import type { Cloud } from './cloud';
import { newGuid } from '../state/ids';
import { WORLD_LOCATION } from '../state/locations';
import { ENDLESS_BODY_DRIP_MS, STRICT_TRANSPORT_SECONDS } from '../assumptions';
import type { Answer, Azure, Request } from '../types';

function translated(
  headers: Record<string, string> = {},
  translate: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, translate(value)]),
  );
}

const NO_CONTENT = 204;
const hasBody = (status: number) => status !== NO_CONTENT;

/** Sends an answer with the headers that every answer of Azure has. */
export function respond(
  {
    azure,
    cloud,
    request,
    response,
  }: {
    azure: Azure;
    cloud: Cloud;
    request: Request;
    response: ServerResponse;
  },
  answer: Answer,
  options: { headers: Record<string, string>; endless?: boolean },
) {
  const translate = (value: string) => cloud.toExternal(value);
  const text =
    answer.body === undefined ? '' : translate(JSON.stringify(answer.body));
  const bytes = answer.bytes ?? Buffer.from(text);
  const headers: Record<string, string> = {
    date: new Date(azure.clock.now()).toUTCString(),
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': `max-age=${STRICT_TRANSPORT_SECONDS}; includeSubDomains`,
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': newGuid(),
    ...serviceHeaders(azure, request),
    ...options.headers,
    ...(text && { 'content-type': 'application/json; charset=utf-8' }),
    ...translated(answer.headers, translate),
  };
  if (options.endless) {
    response.writeHead(answer.status, headers);
    response.write(text.slice(0, -1) || ' ');
    const drip = setInterval(() => response.write(' '), ENDLESS_BODY_DRIP_MS);
    response.on('close', () => clearInterval(drip));
    return;
  }
  response.writeHead(answer.status, {
    ...headers,
    ...(hasBody(answer.status) && { 'content-length': String(bytes.length) }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function serviceHeaders(
  azure: Azure,
  request: Request,
): Record<string, string> {
  const region = WORLD_LOCATION[azure.settings.cloud];
  switch (request.service) {
    case 'arm':
      return {
        'x-ms-correlation-request-id': request.id,
        'x-ms-routing-request-id': `${region.toUpperCase()}:${newGuid()}`,
        ...(/\/providers\/microsoft\.keyvault\//i.test(request.path) && {
          'x-ms-keyvault-service-version': '1.5.413.0',
        }),
      };
    case 'vault':
      return {
        'x-ms-keyvault-region': region,
        'x-ms-keyvault-service-version': '1.9.422.1',
        'x-ms-keyvault-network-info': `conn_type=Ipv4;addr=${request.remoteAddress};act_addr_fam=InterNetwork;`,
      };
    case 'registry':
      return { 'docker-distribution-api-version': 'registry/2.0' };
    default:
      return {};
  }
}
