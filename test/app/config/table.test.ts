import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchemaOf, keysOf, schemaAt } from '../../../src/app/config/json-schema.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { markdownTable, rowsOf } from '../../../src/app/config/table.ts';
import { sinks } from '../../../src/io/sinks/index.ts';
import { sources } from '../../../src/io/sources/index.ts';

const schema = jsonSchemaOf(configSchema);

describe('the options table', () => {
  it('holds one row per option, with unit, default and meaning from its schema', () => {
    const toy = jsonSchemaOf(
      z.strictObject({
        size: z.int().default(3).describe('rows | columns'),
        name: z.string().describe('a name'),
        deep: z.strictObject({ on: z.boolean().default(true).describe('on or off') }).prefault({}),
      }),
    );
    expect(markdownTable(toy)).toBe(`| option | expected | default | meaning |
|---|---|---|---|
| \`size\` | whole number | \`3\` | rows \\| columns |
| \`name\` | text | **required** | a name |
| \`deep.on\` | \`true\`, \`false\` | \`true\` | on or off |`);
  });

  it('has a row for every kind of source and sink', () => {
    const rows = rowsOf(schema);
    const kinds = (path: string) =>
      rows.filter((row) => row.path === path).map(({ expected }) => expected.replaceAll('`', ''));
    expect(kinds('streams[].source.kind').sort()).toEqual([...sources.keys()].sort());
    expect(kinds('sinks[].kind').sort()).toEqual([...sinks.keys()].sort());
  });

  it('names an option that is a choice of mappings, and the options of each', () => {
    const tcp = z.strictObject({ kind: z.literal('tcp').describe('a socket') });
    const line = z.strictObject({ kind: z.literal('line').describe('a wire') });
    const choice = z.discriminatedUnion('kind', [tcp, line]).describe('how');
    const rows = rowsOf(jsonSchemaOf(z.strictObject({ way: choice })));
    expect(rows.map(({ path, expected }) => [path, expected])).toEqual([
      ['way', 'mapping'],
      ['way.kind', '`tcp`'],
      ['way.kind', '`line`'],
    ]);
  });

  it('gives every option a meaning', () => {
    expect(rowsOf(schema).filter(({ meaning }) => meaning === '')).toEqual([]);
  });
});

describe('schemaAt', () => {
  it('finds the keys of the kind that was chosen', () => {
    const data = { streams: [{ source: { kind: 'host' } }] };
    const keys = keysOf(schemaAt(schema, ['streams', 0, 'source'], data));
    expect([...keys].sort()).toEqual(['intervalMs', 'kind', 'processes', 'root']);
  });

  it('knows no keys where there is nothing', () => {
    expect(keysOf(schemaAt(schema, ['nothing', 3, 'here'], {}))).toEqual([]);
  });
});
