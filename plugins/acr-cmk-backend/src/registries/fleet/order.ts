/** Orders of the list, and places in it. */
import { type FleetSort, InvalidInput } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { z } from 'zod/v4';
import type { RegistryRow } from '../../platform/database/tables';
import { CursorText, decode, encode } from '../../platform/cursor';
import { SORTS } from './fleetFields';

export interface Order {
  sort: FleetSort;
  direction: 'asc' | 'desc';
}

/** Place in a list: the values of a row that the list is ordered by. */
export type Place = readonly (string | number)[];

function expressionsOf({ sort, direction }: Order): string[] {
  return [
    ...(sort === 'name' ? [] : [SORTS[sort](direction)]),
    'registries.name',
    'registries.id',
  ];
}

/** Orders a query of `registries`, beginning after a place. */
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

/** Columns of a row's place. */
export interface PlaceRow extends Pick<RegistryRow, 'id' | 'name'> {
  /** Value of the first expression of the order. */
  place: number | string;
}

/** Selects `PlaceRow`. */
export function selectPlace(
  query: Knex.QueryBuilder,
  order: Order,
): Knex.QueryBuilder {
  const [first] = expressionsOf(order);
  return query.select(
    query.client.raw(`${first} as place`),
    'registries.name',
    'registries.id',
  );
}

export function placeOf({ place, name, id }: PlaceRow, { sort }: Order): Place {
  return sort === 'name' ? [name, id] : [Number(place), name, id];
}

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

/** A place as an opaque text that clients send back. It has no data but the order and the place. */
export function toCursor({ sort, direction }: Order, place: Place): string {
  return encode([sort, direction, ...place]);
}

/** @throws InvalidInput unless the cursor is of a list with this order */
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
