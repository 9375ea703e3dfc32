/** In which order registries are listed, and where a page goes on. */
import { type FleetSort, InvalidInput } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { z } from 'zod/v4';
import { SORTS } from './fleetColumns';

export interface Order {
  sort: FleetSort;
  direction: 'asc' | 'desc';
}

/** Where a page ended: the values that it was ordered by, of its last row. */
export type Place = readonly (string | number)[];

function expressionsOf({ sort, direction }: Order): string[] {
  return [
    ...(sort === 'name' ? [] : [SORTS[sort](direction)]),
    'registries.name',
    'registries.id',
  ];
}

/** Orders a query of `registries`, from after a place on. */
export function inOrder(
  query: Knex.QueryBuilder,
  order: Order,
  after?: Place,
): Knex.QueryBuilder {
  const expressions = expressionsOf(order);
  if (after) {
    query.whereRaw(
      `(${expressions.join(', ')}) ${
        order.direction === 'asc' ? '>' : '<'
      } (${expressions.map(() => '?').join(', ')})`,
      [...after],
    );
  }
  for (const expression of expressions) {
    query.orderByRaw(`${expression} ${order.direction}`);
  }
  return query;
}

/** Column in which the rows of a query have the first value of their place. */
export const PLACE_COLUMN = 'place';

/** Has a query select what `placeOf` reads. */
export function selectPlace(
  query: Knex.QueryBuilder,
  order: Order,
): Knex.QueryBuilder {
  const [first] = expressionsOf(order);
  return query.select(query.client.raw(`${first} as ${PLACE_COLUMN}`));
}

export function placeOf(row: any, { sort }: Order): Place {
  return sort === 'name'
    ? [row.name, row.id]
    : [Number(row[PLACE_COLUMN]), row.name, row.id];
}

/** As names and ids are: PostgreSQL takes no text with a zero in it. */
export const CursorText = z.string().regex(/^[\x20-\x7e]{1,400}$/);

const Cursor = z.union([
  z.tuple([z.enum(['name']), z.enum(['asc', 'desc']), CursorText, CursorText]),
  z.tuple([
    z.enum(Object.keys(SORTS) as (keyof typeof SORTS)[]),
    z.enum(['asc', 'desc']),
    z.number().int(),
    CursorText,
    CursorText,
  ]),
]);

/** A place as a text that clients hand back. It says nothing but an order and a place in it. */
export function toCursor({ sort, direction }: Order, place: Place): string {
  return encode([sort, direction, ...place]);
}

/** @throws InvalidInput unless it is one of ours, for this order */
export function fromCursor(text: string, order: Order): Place {
  const [sort, direction, ...place] = decode(text, Cursor);
  if (sort !== order.sort || direction !== order.direction) {
    throw new InvalidInput(
      'cursor',
      `is of a list that is sorted by ${sort} ${direction}; begin again without it`,
    );
  }
  return place;
}

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** @throws InvalidInput unless the cursor holds what `schema` says */
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
