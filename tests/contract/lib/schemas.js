// Turns the schemas of an OpenAPI 3.0 document into JSON Schema that a validator can run.
//
// Three things of the document need care:
// - A base type with a discriminator (UserFactor) means "the type that factorType names, or the base type when it names none".
//   JSON Schema has no such word, so each gets a second definition, NAME.any, that says it with if/then.
// - oneOf is used for "any of these"; its members are open and nearly always overlap, so that exactly one can never match.
// - readOnly properties are not required of a request, nor writeOnly ones of an answer.

const KEPT = ['type', 'enum', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'uniqueItems', 'multipleOf'];
const LISTS = { allOf: 'allOf', anyOf: 'anyOf', oneOf: 'anyOf' };
const PREFIX = '#/components/schemas/';

/** Converts the schemas for one direction, 'request' or 'answer'; convert() is for schemas outside the components. */
export function converter(schemas, direction) {
  const isBase = name => schemas[name]?.discriminator !== undefined && schemas[name].oneOf === undefined;
  const definition = (name, whole) => `${direction}#/$defs/${name}${whole && isBase(name) ? '.any' : ''}`;
  const nameOf = reference => reference.slice(PREFIX.length);

  function convert(schema, whole = true) {
    if (schema.$ref) return { $ref: definition(nameOf(schema.$ref), whole) };
    const converted = {};
    for (const key of KEPT) if (schema[key] !== undefined) converted[key] = schema[key];
    if (schema.properties) converted.properties = mapValues(schema.properties, property => convert(property));
    if (schema.items) converted.items = convert(schema.items);
    if (typeof schema.additionalProperties === 'object') converted.additionalProperties = convert(schema.additionalProperties);
    if (schema.additionalProperties === false) converted.additionalProperties = false;
    const required = (schema.required ?? []).filter(name => !isForeign(schema.properties?.[name]));
    if (required.length > 0) converted.required = required;
    for (const [from, to] of Object.entries(LISTS)) {
      if (schema[from] && !(from === 'oneOf' && schema.discriminator)) converted[to] = schema[from].map(member => convert(member, from !== 'allOf'));
    }
    if (schema.oneOf && schema.discriminator) converted.allOf = choices(schema.discriminator);
    return schema.nullable ? { anyOf: [{ type: 'null' }, converted] } : converted;
  }

  const isForeign = property => property?.[direction === 'request' ? 'readOnly' : 'writeOnly'] === true;

  /** "If the property names this type, then it is this type", for each type that the discriminator knows. */
  function choices({ propertyName, mapping }, self) {
    return Object.entries(mapping ?? {}).map(([value, reference]) => ({
      if: { properties: { [propertyName]: { const: value } }, required: [propertyName] },
      then: { $ref: definition(nameOf(reference), nameOf(reference) !== self) },
    }));
  }

  const $defs = {};
  for (const [name, schema] of Object.entries(schemas)) {
    $defs[name] = convert(schema, false);
    if (isBase(name)) $defs[`${name}.any`] = { allOf: [{ $ref: definition(name, false) }, ...choices(schema.discriminator, name)] };
  }
  return { document: { $id: direction, $defs }, convert };
}

const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
