type Schema = { readonly [keyword: string]: unknown } | boolean;
type Check = (value: unknown, of: never) => boolean;

/** The keywords of JSON Schema (draft 7) that the file's schema uses. An unknown one fails. */
const checks: Readonly<Record<string, Check>> = {
  type: (value, type: string) => typeOf(value).includes(type),
  enum: (value, all: readonly unknown[]) => all.includes(value),
  const: (value, only: unknown) => value === only,
  pattern: (value, pattern: string) => typeof value !== 'string' || new RegExp(pattern).test(value),
  maxLength: (value, most: number) => typeof value !== 'string' || value.length <= most,
  minimum: (value, least: number) => typeof value !== 'number' || value >= least,
  maximum: (value, most: number) => typeof value !== 'number' || value <= most,
  minItems: (value, least: number) => !Array.isArray(value) || value.length >= least,
  maxItems: (value, most: number) => !Array.isArray(value) || value.length <= most,
  uniqueItems: (value) => !Array.isArray(value) || new Set(value).size === value.length,
  items: (value, one: Schema) => !Array.isArray(value) || value.every((item) => permitsValue(one, item)),
  required: (value, keys: readonly string[]) => !isMapping(value) || keys.every((key) => Object.hasOwn(value, key)),
  properties: (value, named: Record<string, Schema>) =>
    entriesOf(value).every(([key, inner]) => permitsValue(named[key] ?? true, inner)),
  propertyNames: (value, name: Schema) => entriesOf(value).every(([key]) => permitsValue(name, key)),
  dependencies: (value, needs: Record<string, Schema | readonly string[]>) =>
    entriesOf(value).every(([key]) => {
      const need = needs[key] ?? true;
      return permitsValue(Array.isArray(need) ? { required: need } : (need as Schema), value);
    }),
  allOf: (value, all: readonly Schema[]) => all.every((one) => permitsValue(one, value)),
  anyOf: (value, all: readonly Schema[]) => all.some((one) => permitsValue(one, value)),
  oneOf: (value, all: readonly Schema[]) => all.filter((one) => permitsValue(one, value)).length === 1,
  not: (value, one: Schema) => !permitsValue(one, value),
};
const annotations: ReadonlySet<string> = new Set(['$schema', 'title', 'description', 'default', 'examples']);

export function permitsValue(schema: Schema, value: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  const { additionalProperties = true, ...keywords } = schema;
  const known = Object.keys((schema.properties ?? {}) as object);
  const others = entriesOf(value).filter(([key]) => !known.includes(key));
  if (!others.every(([, inner]) => permitsValue(additionalProperties as Schema, inner))) return false;
  return Object.entries(keywords)
    .filter(([keyword]) => !annotations.has(keyword))
    .every(([keyword, of]) => {
      const check = checks[keyword];
      if (check === undefined) throw new Error(`the test does not know the keyword ${keyword}`);
      return check(value, of as never);
    });
}

function typeOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return ['array'];
  if (Number.isInteger(value)) return ['integer', 'number'];
  return [value === null ? 'null' : typeof value];
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return isMapping(value) ? Object.entries(value) : [];
}
