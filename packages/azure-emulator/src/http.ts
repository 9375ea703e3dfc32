import type { IncomingMessage } from 'node:http';
import type { Azure } from './azure';
import type { OperationFault } from './faults';
import { arm } from './errors';
import type { Principal } from './model';
import { MAX_BODY_BYTES } from './assumptions';

/** The Azure services that the emulator serves. */
export type Service = 'login' | 'arm' | 'vault' | 'graph' | 'registry';

/** A parsed request. */
export interface Request {
  id: string;
  service: Service;
  /** As the client wrote it, with a port if it gave one: absolute URLs are built from it. */
  host: string;
  method: string;
  /** Decoded, without query, empty segments and trailing slash. */
  path: string;
  /** Names in lower case, decoded: `?api%2Dversion=` arrives as `api-version`. */
  query: Map<string, string>;
  rawQuery: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  remoteAddress: string;
}

/** A scope of a registry's access token. */
export interface RegistryAccess {
  type: string;
  name: string;
  actions: string[];
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are, instead of a body. */
  bytes?: Buffer;
}

/** Everything a route needs to answer. */
export interface Call {
  azure: Azure;
  request: Request;
  params: Record<string, string>;
  caller: Principal;
  /** The scopes of the caller's access token to a registry; absent when it is not limited. */
  registryAccess?: RegistryAccess[];
  /** A fault that concerns the operation which this request starts. */
  operationFault?: OperationFault;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

export const ok = (
  body: unknown,
  headers?: Record<string, string>,
): Answer => ({
  status: 200,
  body,
  headers,
});

export const noContent = (): Answer => ({ status: 204 });

export const origin = (request: Request) => `https://${request.host}`;

/** Reads the whole body as JSON, or as a form where forms are sent; no body is an empty object. */
export async function readBody(
  stream: IncomingMessage,
  format: 'json' | 'form' = 'json',
  translate: (text: string) => string = text => text,
): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) {
      throw arm.invalidBody('the request is larger than 4 MB');
    }
    chunks.push(chunk as Buffer);
  }
  const text = translate(Buffer.concat(chunks).toString('utf8'));
  if (!text.trim()) {
    return {};
  }
  return format === 'form'
    ? Object.fromEntries(new URLSearchParams(text))
    : parseJson(text);
}

export function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw arm.invalidBody((error as Error).message);
  }
  return asRecord(value, 'the body');
}

/** The value as an object; throws an error that names the field otherwise. */
export function asRecord(
  value: unknown,
  field: string,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw arm.invalidBody(`${field} must be an object`);
  }
  return value as Record<string, unknown>;
}

export function optionalRecord(
  value: unknown,
  field: string,
): Record<string, unknown> | undefined {
  return value === undefined || value === null
    ? undefined
    : asRecord(value, field);
}

export function optionalString(
  value: unknown,
  field: string,
): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw arm.invalidBody(`${field} must be a string`);
  }
  return value;
}

export function requiredString(value: unknown, field: string): string {
  const text = optionalString(value, field);
  if (!text) {
    throw arm.invalidBody(`${field} must be a string and not empty`);
  }
  return text;
}

export function stringMap(
  value: unknown,
  field: string,
): Record<string, string> | undefined {
  const map = optionalRecord(value, field);
  for (const [key, text] of Object.entries(map ?? {})) {
    optionalString(text, `${field}.${key}`);
  }
  return map as Record<string, string> | undefined;
}

export function optionalArray(
  value: unknown,
  field: string,
): unknown[] | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    throw arm.invalidBody(`${field} must be an array`);
  }
  return value;
}

/** One page of a list sorted by id, with the link to the next one. */
export function page<T extends { id: string }>(
  request: Request,
  rows: T[],
  options: { size: number; tokenName: string },
): { rows: T[]; nextLink?: string } {
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const token = request.query.get(options.tokenName.toLowerCase());
  // The token is the last id of the previous page, so that a list which changes meanwhile neither repeats
  // nor skips rows.
  const after = token && Buffer.from(token, 'base64url').toString('utf8');
  const rest = after ? sorted.filter(row => row.id > after) : sorted;
  const shown = rest.slice(0, options.size);
  if (rest.length <= options.size) {
    return { rows: shown };
  }
  const last = shown[shown.length - 1].id;
  const query = new URLSearchParams();
  for (const [name, value] of request.query) {
    if (name !== options.tokenName.toLowerCase()) query.set(name, value);
  }
  query.set(options.tokenName, Buffer.from(last).toString('base64url'));
  return {
    rows: shown,
    nextLink: `${origin(request)}${encodeURI(request.path)}?${query}`,
  };
}
