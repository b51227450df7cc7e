import type { JsonValue } from '@bytespike/kernel';

/**
 * What one vendor reads of JSON Schema (protocols 2.7), as data. A keyword that is missing here does not exist for the
 * vendor: it refuses the request, or answers as if the constraint had never been written.
 */
export interface SchemaDialect {
  readonly keywords: ReadonlySet<string>;
  /** References the vendor resolves itself; others are inlined. */
  readonly refs: RegExp | undefined;
  /** Where a reference may lead back to itself. */
  readonly recursion: 'anywhere' | 'in-optional-properties' | 'nowhere';
  /** Whether a reference may have neighbours. */
  readonly refSiblings: 'allowed' | 'wrapped';
  readonly root: 'object' | 'object-without-alternatives' | 'any';
  /** What the vendor insists on in every object. */
  readonly objects: 'closed-and-all-required' | 'closed' | 'free';
  readonly const: 'keyword' | 'enum';
  /** Values an `enum` may list. */
  readonly enumValues: 'any' | 'strings-and-numbers' | 'strings';
  /** How "or null" is written, and with it how types are spelled. */
  readonly nulls: 'type-array' | 'nullable';
  /** Whether a node may leave its type open. */
  readonly untyped: 'allowed' | 'refused';
  /** The formats it knows; undefined where any will do. */
  readonly formats: ReadonlySet<string> | undefined;
  /** The largest `minItems` it keeps. */
  readonly minItemsMax: number;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const COMMON = 'type title description enum items anyOf properties required';

const OPENAI_STRICT: SchemaDialect = {
  keywords: words(
    `${COMMON} const $ref $defs definitions additionalProperties minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems pattern format`,
  ),
  refs: /^#(\/(\$defs|definitions)\/[^/]+)?$/,
  recursion: 'anywhere',
  refSiblings: 'wrapped',
  root: 'object-without-alternatives',
  objects: 'closed-and-all-required',
  const: 'keyword',
  enumValues: 'any',
  nulls: 'type-array',
  untyped: 'refused',
  formats: words('date-time time date duration email hostname ipv4 ipv6 uuid'),
  minItemsMax: Number.POSITIVE_INFINITY,
};

const ANTHROPIC_STRICT: SchemaDialect = {
  keywords: words(`${COMMON} const $ref $defs definitions additionalProperties minItems format`),
  refs: /^#\/(\$defs|definitions)\/[^/]+$/,
  recursion: 'nowhere',
  refSiblings: 'allowed',
  root: 'object',
  objects: 'closed',
  const: 'keyword',
  enumValues: 'any',
  nulls: 'type-array',
  untyped: 'allowed',
  formats: words('date-time time date duration email hostname uri ipv4 ipv6 uuid'),
  minItemsMax: 1,
};

const GEMINI_JSON_SCHEMA: SchemaDialect = {
  keywords: words(
    `${COMMON} $id $ref $defs $anchor oneOf additionalProperties prefixItems minItems maxItems minimum maximum format propertyOrdering`,
  ),
  refs: /^#\/\$defs\/[^/]+$/,
  recursion: 'in-optional-properties',
  refSiblings: 'wrapped',
  root: 'any',
  objects: 'free',
  const: 'enum',
  enumValues: 'strings-and-numbers',
  nulls: 'type-array',
  untyped: 'allowed',
  formats: undefined,
  minItemsMax: Number.POSITIVE_INFINITY,
};

const GEMINI_OPENAPI: SchemaDialect = {
  keywords: words(
    `${COMMON} nullable default example minItems maxItems minLength maxLength minProperties maxProperties minimum maximum pattern format propertyOrdering`,
  ),
  refs: undefined,
  recursion: 'nowhere',
  refSiblings: 'allowed',
  root: 'any',
  objects: 'free',
  const: 'enum',
  enumValues: 'strings',
  nulls: 'nullable',
  untyped: 'allowed',
  formats: undefined,
  minItemsMax: Number.POSITIVE_INFINITY,
};

export const SCHEMA_DIALECTS = {
  'openai-strict': OPENAI_STRICT,
  'anthropic-strict': ANTHROPIC_STRICT,
  'gemini-json-schema': GEMINI_JSON_SCHEMA,
  'gemini-openapi': GEMINI_OPENAPI,
} as const satisfies Readonly<Record<string, SchemaDialect>>;

export type SchemaDialectName = keyof typeof SCHEMA_DIALECTS;

/** How each keyword holds other schemas; the rest hold plain values. */
export const SUBSCHEMAS = {
  items: 'one',
  additionalProperties: 'one',
  anyOf: 'list',
  oneOf: 'list',
  allOf: 'list',
  prefixItems: 'list',
  properties: 'map',
  $defs: 'map',
  definitions: 'map',
} as const;

/** Says nothing about which values are valid, and nothing to a model: goes without a word. */
export const SILENT: ReadonlySet<string> = words(
  '$schema $id id $anchor $comment $vocabulary $defs definitions deprecated readOnly writeOnly propertyOrdering contentMediaType contentEncoding',
);

/** Says nothing about which values are valid, but something to a model: kept as text. */
export const ADVICE: ReadonlySet<string> = words('default example examples title');

/** Constraints that hold of any value are none. */
export const isVacuous = (keyword: string, value: JsonValue | undefined): boolean =>
  VACUOUS.some(([name, empty]) => name === keyword && empty === value);

const VACUOUS: readonly (readonly [string, JsonValue])[] = [
  ['nullable', false],
  ['uniqueItems', false],
  ['minItems', 0],
  ['minLength', 0],
  ['minProperties', 0],
  ['additionalProperties', true],
  ['unevaluatedProperties', true],
];
