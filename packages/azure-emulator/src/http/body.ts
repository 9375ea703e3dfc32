import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '../assumptions';
import { arm } from '../errors';

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

function parseJson(text: string): Record<string, unknown> {
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
