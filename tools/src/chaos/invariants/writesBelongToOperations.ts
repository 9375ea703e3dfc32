import type { LoggedRequest } from 'azure-emulator';
import type { Evidence } from '../evidence';
import type { Invariant } from './invariant';
import { writeOf } from './steps';

/** Requests that are no GET and change nothing. */
const QUERIES = [
  /\/oauth2\/((v2\.0\/)?token|exchange)$/i,
  /\/providers\/microsoft\.resourcegraph\/resources$/i,
  /\/checknameavailability$/i,
];

/** A write of the portal that reached Azure: anything but a query and the challenge before one. */
export const isWrite = ({ method, path, status, principal }: LoggedRequest) =>
  principal !== 'admin' &&
  method !== 'GET' &&
  method !== 'HEAD' &&
  status !== 401 &&
  !QUERIES.some(query => query.test(path));

const had = ({ status }: LoggedRequest) =>
  status === undefined || status < 300 ? 'done, or may be' : 'refused';

export const isRefusedWrite = (entry: LoggedRequest) =>
  isWrite(entry) && had(entry) === 'refused';

export const nameOf = ({ method, host, path }: LoggedRequest) =>
  `${method} ${host}${path}`.toLowerCase().replace(/\/$/, '');

/** Number of writes that operations reported, by request. */
function reportedWrites({ operations, audit }: Evidence) {
  const reported = new Map<string, number>();
  const byId = new Map(operations.map(one => [one.id, one]));
  for (const { event, operationId, details } of audit) {
    if (event !== 'azure-write') continue;
    const step = byId
      .get(operationId ?? '')
      ?.steps.find(({ position }) => position === details.step);
    const request = step && writeOf(step);
    if (request) reported.set(request, (reported.get(request) ?? 0) + 1);
  }
  return reported;
}

export const writesBelongToOperations: Invariant = {
  name: 'every write that reached Azure belongs to an operation that reports it',
  violations(evidence) {
    const reported = reportedWrites(evidence);
    const sent = new Map<string, LoggedRequest[]>();
    for (const entry of evidence.log.filter(isWrite)) {
      sent.set(nameOf(entry), [...(sent.get(nameOf(entry)) ?? []), entry]);
    }
    return [...sent].flatMap(([request, entries]) => {
      const count = reported.get(request) ?? 0;
      return entries.length <= count
        ? []
        : [
            `${request} reached Azure ${entries.length} times (${entries
              .map(
                entry =>
                  `${entry.time} ${entry.principal ?? 'nobody'}: ${had(entry)}`,
              )
              .join('; ')}), and operations report ${count}`,
          ];
    });
  },
};
