import { InvalidInput } from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';

/** Printable ASCII, as names and ids are. PostgreSQL accepts no text with a zero byte. */
export const CursorText = z.string().regex(/^[\x20-\x7e]{1,400}$/);

/** A place in a list as an opaque text that clients send back. */
export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws InvalidInput unless the cursor holds a value of `schema` */
export function decode<T>(text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(
      JSON.parse(Buffer.from(text, 'base64url').toString('utf8')),
    );
  } catch {
    throw new InvalidInput(
      'cursor',
      'is not the nextCursor of an answer; begin again without it',
    );
  }
}
