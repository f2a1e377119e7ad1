// The configuration's schema as JSON Schema, for editors, for the options table and to find the key a user meant.
import { type ZodType, z } from 'zod';
import { valueAt } from '../../core/issue-words.ts';
import type { Path } from './document.ts';

/** The part of JSON Schema that zod writes and we read. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

export function jsonSchemaOf(schema: ZodType): JsonSchema {
  // parsed back at the boundary: zod's own type for it allows far more than it writes
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** The schema of the value at `path`; `data` decides between the kinds of a plug-in. */
export function schemaAt(root: JsonSchema, path: Path, data: unknown): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root;
  let value = data;
  for (const key of path) {
    schema = schema && childOf(branchFor(schema, value), key);
    value = valueAt(value, [key]);
  }
  return schema && branchFor(schema, value);
}

/** How many of the first steps of `path` are entries of lists and names of options: others are the user's own words. */
export function describedSteps(root: JsonSchema, path: Path, data: unknown): number {
  const free = path.findIndex((key, step) => {
    const schema = schemaAt(root, path.slice(0, step), data);
    return typeof key !== 'number' && !(schema && isDescribed(schema, String(key)));
  });
  return free < 0 ? path.length : free;
}

/** In one branch at least, where none is chosen because the kind is wrong. */
function isDescribed(schema: JsonSchema, key: string): boolean {
  const branches = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return keysOf(schema).includes(key) || branches.some((branch) => isDescribed(branch, key));
}

/** The keys a mapping may have. */
export function keysOf(schema: JsonSchema | undefined): readonly string[] {
  return Object.keys(schema?.properties ?? {});
}

function childOf(schema: JsonSchema, key: PropertyKey): JsonSchema | undefined {
  if (typeof key === 'number') return schema.items;
  const extra = schema.additionalProperties;
  return schema.properties?.[String(key)] ?? (typeof extra === 'object' ? extra : undefined);
}

function branchFor(schema: JsonSchema, value: unknown): JsonSchema {
  const branches = schema.oneOf ?? schema.anyOf;
  if (!branches) return schema;
  const kind = valueAt(value, ['kind']);
  return branches.find((branch) => branch.properties?.['kind']?.const === kind) ?? schema;
}
