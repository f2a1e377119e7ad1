// The options table of docs/configuration.md, written from the schema, so that it cannot lie.
import type { JsonSchema } from './json-schema.ts';

/** One option, or one kind of plug-in, under its dotted path. */
export interface Row {
  readonly path: string;
  readonly expected: string;
  readonly preset: string;
  readonly meaning: string;
}

/** All options of `schema`, parents before children. A kind of plug-in shows as `source (host)`. */
export function rowsOf(schema: JsonSchema, path = ''): Row[] {
  const item = schema.items;
  if (item?.properties || item?.oneOf) return rowsOf(item, `${path}[]`);
  if (schema.oneOf) return schema.oneOf.flatMap((branch) => kindRows(branch, path));
  return Object.entries(schema.properties ?? {}).flatMap(([key, option]) =>
    optionRows(option, path === '' ? key : `${path}.${key}`, schema.required?.includes(key)),
  );
}

/** A plug-in's own broker has the options of the common one: named once is enough. */
const REPEATED = ').broker.';

export function markdownTable(schema: JsonSchema): string {
  const lines = rowsOf(schema)
    .filter(({ path }) => !path.includes(REPEATED))
    .map(
      ({ path, expected, preset, meaning }) =>
        `| \`${path}\` | ${cell(expected)} | ${cell(preset)} | ${cell(meaning)} |`,
    );
  return ['| option | expected | default | meaning |', '|---|---|---|---|', ...lines].join('\n');
}

function optionRows(option: JsonSchema, path: string, required = false): Row[] {
  const children = rowsOf(option, path);
  if (children.length > 0 && option.description === undefined) return children;
  const own: Row = {
    path,
    expected: expectedOf(option),
    preset: presetOf(option, required),
    meaning: option.description ?? '',
  };
  return [own, ...children];
}

function kindRows(branch: JsonSchema, path: string): Row[] {
  const { kind, ...options } = branch.properties ?? {};
  const name = String(kind?.const);
  const own: Row = {
    path: `${path}.kind`,
    expected: `\`${name}\``,
    preset: '',
    meaning: kind?.description ?? '',
  };
  return [own, ...rowsOf({ ...branch, properties: options }, `${path}(${name})`)];
}

function expectedOf(option: JsonSchema): string {
  if (option.const !== undefined) return code(option.const);
  if (option.enum) return option.enum.map(code).join(', ');
  if (option.anyOf) return [...new Set(option.anyOf.map(expectedOf))].join(' or ');
  if (option.type === 'array') return `list of ${option.items ? expectedOf(option.items) : 'any'}`;
  const type = option.oneOf ? 'object' : (option.type ?? '');
  return words[type] ?? type;
}

const words: Readonly<Record<string, string>> = {
  object: 'mapping',
  string: 'text',
  integer: 'whole number',
  boolean: '`true`, `false`',
};

function presetOf(option: JsonSchema, required: boolean): string {
  if (required) return '**required**';
  const { default: preset } = option;
  if (preset === undefined || preset === '') return '';
  const empty = typeof preset === 'object' && Object.keys(preset ?? {}).length === 0;
  return empty ? '' : code(preset);
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
