import { apiSchema, comparableSchema } from './apiSchema';

describe('a schema in comparable form', () => {
  it.each([
    ['a reference', { $ref: '#/components/schemas/ActionId' }],
    ['what it refers to', apiSchema('ActionId')],
    [
      'a description',
      {
        type: 'string',
        enum: ['rotate', 'automatic-rotation', 'revoke', 'restore', 'retire'],
        description: 'for people',
      },
    ],
  ])('is the same for %s', (_what, schema) => {
    expect(comparableSchema(schema)).toEqual({
      enum: ['rotate', 'automatic-rotation', 'revoke', 'restore', 'retire'],
    });
  });

  it.each([
    ['a constant and its enum', { const: 'x' }, { enum: ['x'] }],
    [
      'both words for a choice',
      { oneOf: [{ type: 'string' }] },
      { anyOf: [{ type: 'string' }] },
    ],
    [
      'a hyphen with and without a backslash',
      { type: 'string', pattern: '[a\\-]' },
      { type: 'string', pattern: '[a-]' },
    ],
  ])('is the same for %s', (_what, one, other) => {
    expect(comparableSchema(one)).toEqual(comparableSchema(other));
  });

  it.each([
    ['a limit', { type: 'integer', maximum: 5 }, { type: 'integer' }],
    ['a type', { type: 'integer' }, { type: 'number' }],
    [
      'a field that is required',
      {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
      },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    [
      'unknown fields',
      { type: 'object', additionalProperties: false },
      { type: 'object' },
    ],
  ])('differs by %s', (_what, one, other) => {
    expect(comparableSchema(one)).not.toEqual(comparableSchema(other));
  });
});
