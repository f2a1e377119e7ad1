import { readdirSync } from 'node:fs';
import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Plugin } from '../../src/core/registry.ts';

type AnyPlugin = Plugin<unknown, never, unknown>;

/** The plug-ins that the files of a folder export, by file; `index.ts` and names with a dash (helpers) apart. */
export async function pluginsIn(folder: URL): Promise<Map<string, AnyPlugin[]>> {
  const found = new Map<string, AnyPlugin[]>();
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((e) => e.isFile())) {
    if (name === 'index.ts' || !/^[a-z0-9]+\.ts$/.test(name)) continue;
    const exported = Object.values((await import(new URL(name, folder).href)) as object);
    found.set(name, exported.filter(isPlugin));
  }
  return found;
}

function isPlugin(value: unknown): value is AnyPlugin {
  return typeof value === 'object' && value !== null && 'kind' in value && 'create' in value;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly description?: string;
  readonly additionalProperties?: unknown;
}

/** Paths of options that say nothing about themselves, and of objects that accept unknown keys. */
export function undescribed(options: ZodType): string[] {
  return walk(z.toJSONSchema(options, { io: 'input' }) as JsonSchema, '');
}

function walk(schema: JsonSchema, path: string): string[] {
  const faults = schema.items ? walk(schema.items, `${path}[]`) : [];
  if (!schema.properties) return faults;
  if (schema.additionalProperties !== false) faults.push(`${path} accepts unknown keys`);
  for (const [key, property] of Object.entries(schema.properties)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (!property.description) faults.push(`${here} has no description`);
    faults.push(...walk(property, here));
  }
  return faults;
}
