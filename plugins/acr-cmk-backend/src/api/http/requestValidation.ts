import Ajv2020, {
  type ErrorObject,
  type ValidateFunction,
} from 'ajv/dist/2020';
import {
  InvalidInput,
  ORIGIN_HEADER,
  quote,
} from 'backstage-plugin-acr-cmk-common';
import type { Request, RequestHandler, Router } from 'express';
import { readBody } from './readBody';

/** A JSON schema, or what else of the document has the same form. */
interface Node {
  [key: string]: unknown;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: 'query' | 'path' | 'header';
  required?: boolean;
  schema: Node;
}

interface Operation {
  parameters?: readonly Parameter[];
  requestBody?: { content: { 'application/json': { schema: Node } } };
}

/** Part of an OpenAPI document that requests are validated by. */
export interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter> };
}

/** Compiles with the first request: all schemas at the start would hold every backend up for a third of a second. */
type Compile = (schema: Node) => () => ValidateFunction;

/** Headers that change how a request is read, or by whom, whatever the document says of them. */
const READ_HEADERS = ['authorization', 'content-type', 'host', ORIGIN_HEADER];
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Extension field of a union's schema that holds the values of its discriminator. */
const KINDS = 'x-kinds';
/** The name under which the validator knows the document. */
const API = 'api';

/**
 * Adds to each route of `router` what refuses requests that the document does not describe. The
 * refusal names the field. A body is read here too, on routes that have one.
 */
export function validateRequests(
  router: Router,
  document: ApiDocument,
  { bodyLimit }: { bodyLimit: string },
): void {
  const compiled = compilerOf(document);

  for (const [path, operations] of Object.entries(document.paths)) {
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    for (const method of METHODS.filter(each => each in operations)) {
      const { parameters = [], requestBody } = operations[method];
      const resolved = parameters.map(parameter =>
        parameter.$ref
          ? document.components.parameters[
              parameter.$ref.slice('#/components/parameters/'.length)
            ]
          : parameter,
      );
      router[method](route, parametersValidator(resolved, compiled));
      if (requestBody) {
        const { schema } = requestBody.content['application/json'];
        const validate = compiled(schema);
        router[method](
          route,
          readBody({ limit: bodyLimit }),
          (req, _res, next) => {
            check(validate(), req.body);
            next();
          },
        );
      }
    }
  }
}

/** Compiling takes longer than most of what a test asks a backend that it has just started. */
const COMPILERS = new WeakMap<ApiDocument, Compile>();

/** The one of a document, however many routers are made of it. */
function compilerOf(document: ApiDocument): Compile {
  const known = COMPILERS.get(document);
  if (known) return known;
  const ajv = new Ajv2020({
    discriminator: true,
    // OpenAPI's own keywords are no mistake.
    strict: false,
    validateSchema: false,
    // An error brings its schema, so that a message can say what would be right.
    verbose: true,
  });
  ajv.addSchema(byDiscriminator(document) as Node, API);
  const validators = new Map<string, ValidateFunction>();
  const compiled: Compile = schema => {
    const text = JSON.stringify(byDiscriminator(schema)).replaceAll(
      '"#/',
      `"${API}#/`,
    );
    return () => {
      const validator = validators.get(text) ?? ajv.compile(JSON.parse(text));
      validators.set(text, validator);
      return validator;
    };
  };
  COMPILERS.set(document, compiled);
  return compiled;
}

function parametersValidator(
  parameters: readonly Parameter[],
  compiled: Compile,
): RequestHandler {
  const those = (place: Parameter['in']) =>
    parameters
      .filter(parameter => parameter.in === place)
      .map(parameter =>
        place === 'header'
          ? { ...parameter, name: parameter.name.toLowerCase() }
          : parameter,
      );
  const headers = those('header');
  const onlyOnce = [...READ_HEADERS, ...headers.map(({ name }) => name)];
  const path = compiled(schemaOf(those('path'), { others: true }));
  const query = compiled(schemaOf(those('query'), { others: false }));
  const lists = those('query')
    .filter(({ schema }) => schema.type === 'array')
    .map(({ name }) => name);
  const header = compiled(schemaOf(headers, { others: true }));
  return (req, _res, next) => {
    requireOnce(onlyOnce, req);
    check(path(), req.params);
    check(query(), withLists(queryOf(req), lists), 'query parameter');
    check(header(), req.headers);
    next();
  };
}

function schemaOf(
  parameters: readonly Parameter[],
  { others }: { others: boolean },
): Node {
  return {
    type: 'object',
    additionalProperties: others,
    required: parameters
      .filter(({ required }) => required)
      .map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, schema }) => [name, schema]),
    ),
  };
}

/**
 * The document with unions that are judged by the kind that the value says it is, so that what is
 * wrong inside is found and named. The validator knows no mapping; each member's own constant says
 * the same. Without a type it would let everything pass that is no object.
 */
function byDiscriminator(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(byDiscriminator);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Node = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, byDiscriminator(value)]),
  );
  const { discriminator } = node as {
    discriminator?: { propertyName: string; mapping: object };
  };
  return discriminator?.mapping
    ? {
        ...copy,
        type: 'object',
        discriminator: { propertyName: discriminator.propertyName },
        [KINDS]: Object.keys(discriminator.mapping),
      }
    : copy;
}

/** @throws InvalidInput when a header came twice: who reads the first and who reads the last differ */
function requireOnce(names: readonly string[], { rawHeaders }: Request): void {
  const sent = rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map(name => name.toLowerCase());
  const doubled = names.find(
    name => sent.indexOf(name) !== sent.lastIndexOf(name),
  );
  if (doubled) throw new InvalidInput(doubled, 'is sent twice; send it once');
}

/**
 * The query as names and texts. Express would make lists and objects of it, and leave out names
 * such as `__proto__`.
 */
function queryOf({ url }: Request): Record<string, string> {
  const [, ...parts] = url.split('?');
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(parts.join('?'))) {
    if (query.has(name)) {
      throw new InvalidInput(shown(name), 'is given twice; give it once');
    }
    query.set(name, value);
  }
  return Object.fromEntries(query);
}

/** Lists come as one text, with commas between their items. */
function withLists(
  query: Record<string, string>,
  lists: readonly string[],
): object {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      lists.includes(name) ? value.split(',') : value,
    ]),
  );
}

/** @throws InvalidInput */
function check(
  validate: ValidateFunction,
  value: unknown,
  what: string = 'field',
): void {
  if (validate(value)) return;
  const [error] = validate.errors as ErrorObject[];
  throw toInvalidInput(error, what);
}

function toInvalidInput(error: ErrorObject, what: string): InvalidInput {
  const { keyword, params, message, parentSchema, instancePath } = error;
  const path = instancePath
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const at = (...names: string[]) =>
    [...path, ...names].map(shown).join('.') || 'body';
  switch (keyword) {
    case 'additionalProperties': {
      const known = Object.keys(parentSchema?.properties ?? {});
      return new InvalidInput(
        at(params.additionalProperty),
        `is not a known ${what}; ${
          known.length > 0 ? `known: ${known.join(', ')}` : 'there is none'
        }`,
      );
    }
    case 'required':
      return new InvalidInput(at(params.missingProperty), 'is missing');
    case 'discriminator':
      return new InvalidInput(
        at(params.tag),
        `must be one of ${(parentSchema?.[KINDS] as string[]).join(', ')}`,
      );
    case 'enum':
      return new InvalidInput(
        at(),
        `must be one of ${params.allowedValues.join(', ')}`,
      );
    default:
      return new InvalidInput(at(), message ?? 'is wrong');
  }
}

/** A name as a message may repeat it. */
function shown(name: string): string {
  return /^[\w.$-]{1,100}$/.test(name) ? name : quote(name);
}
