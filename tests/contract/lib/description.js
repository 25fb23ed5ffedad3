// The published description of the API: which operation an exchange belongs to, and whether it follows it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { converter } from './schemas.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Loads the description from COUNTERSIGN_CONTRACT, or from shared/contract beside the repository. */
export function load() {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const file = join(process.env.COUNTERSIGN_CONTRACT || join(root, '..', 'shared', 'contract'), 'okta-management.openapi.yaml');
  if (!existsSync(file)) throw new Error('The description of the API was not found: set COUNTERSIGN_CONTRACT to the folder that holds okta-management.openapi.yaml');
  return new Description(parse(readFileSync(file, 'utf8')));
}

export class Description {
  constructor(document) {
    this.document = document;
    this.directions = {};
    for (const direction of ['request', 'answer']) {
      const { document: schemas, convert } = converter(document.components.schemas, direction);
      const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, logger: false });
      formats(ajv);
      ajv.addSchema(schemas);
      this.directions[direction] = { convert, compile: schema => ajv.compile(schema) };
    }
    this.isError = this.directions.answer.compile({ $ref: 'answer#/$defs/Error' });
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.filter(method => item[method]).map(method => this.operation(path, method, item)));
  }

  operation(path, method, item) {
    const source = item[method];
    const body = this.resolve(source.requestBody);
    return {
      id: source.operationId,
      method: method.toUpperCase(),
      segments: path.split('/').slice(1),
      query: [...(item.parameters ?? []), ...(source.parameters ?? [])].map(parameter => this.resolve(parameter)).filter(parameter => parameter.in === 'query')
        .map(parameter => ({ name: parameter.name, required: parameter.required === true, type: parameter.schema?.type, check: this.check('request', parameter.schema) })),
      request: { required: body?.required === true, check: this.check('request', content(body)) },
      answers: new Map(Object.entries(source.responses).map(([status, response]) => [Number(status), this.check('answer', content(this.resolve(response)))])),
    };
  }

  check(direction, schema) {
    if (!schema) return null;
    const { compile, convert } = this.directions[direction];
    let validate;   // compiled when it is first needed: most of the document never is
    return value => (validate ??= compile(convert(schema)))(value) ? [] : validate.errors;
  }

  resolve(node) {
    return node?.$ref ? node.$ref.slice(2).split('/').reduce((place, key) => place[key], this.document) : node;
  }

  /** The operation of a method and a path, or undefined. A path written out goes before a parameter. */
  find(method, path) {
    const segments = path.split('?')[0].replace(/\/+/g, '/').replace(/\/$/, '').split('/').slice(1);
    return this.operations
      .filter(operation => operation.method === method && operation.segments.length === segments.length
        && operation.segments.every((segment, at) => segment.startsWith('{') || segment === segments[at]))
      .sort((one, other) => parameters(one) - parameters(other))[0];
  }

  /** What is wrong with an exchange that was accepted: objects of part ('request', 'query' or 'answer'), at (a JSON pointer) and what. */
  faults(operation, exchange) {
    return [...this.queryFaults(operation, exchange), ...this.requestFaults(operation, exchange), ...this.answerFaults(operation, exchange)];
  }

  queryFaults(operation, { path }) {
    const given = new URL(path, 'http://host').searchParams;
    return operation.query.flatMap(({ name, required, type, check }) => {
      const text = given.get(name);
      if (text === null) return required ? [fault('query', name, 'is required')] : [];
      return check ? check(typed(text, type)).map(error => fault('query', name, error.message)) : [];
    });
  }

  requestFaults({ request: { required, check } }, { request }) {
    if (!request) return required ? [fault('request', '', 'is required')] : [];
    return check ? read(request, 'request', check) : [];
  }

  answerFaults({ answers }, { status, response }) {
    if (!answers.has(status)) return [fault('answer', '', `has the status ${status}, which is not described`)];
    const check = answers.get(status);
    if (!check) return response && response !== '{}' ? [fault('answer', '', 'has a body, and none is described')] : [];
    return read(response ?? '', 'answer', check);
  }
}

const fault = (part, at, what) => ({ part, at, what });
const content = body => body?.content && Object.values(body.content)[0]?.schema;
const parameters = operation => operation.segments.filter(segment => segment.startsWith('{')).length;

function read(text, part, check) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return [fault(part, '', 'is not JSON')];
  }
  return check(value).filter(error => error.keyword !== 'if').map(error => fault(part, error.instancePath, error.message));
}

function typed(text, type) {
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  return text;
}
