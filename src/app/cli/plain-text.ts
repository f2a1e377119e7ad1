// Answers of the daemon as text for people: aligned, times by the local clock, lists of like things as tables.

import { localTimeText } from '../../io/text/alert-payload.ts';
import { isObject, type JsonObject } from '../../io/text/json.ts';
import { spanText } from '../../io/text/quantity.ts';
import { textTable } from '../text-table.ts';

/** Most characters of one cell; what is longer, e.g. a list of channels, is cut. */
const MOST_CELL = 48;
const INDENT = '  ';

/** `columns` is the width of the terminal: a table that is wider becomes one block for each row. */
export function plainText(value: unknown, columns: number): string {
  if (isObject(value)) return linesOf(value, columns).join('\n');
  if (Array.isArray(value)) return listLines(value, columns).join('\n');
  return scalarText(value, '');
}

function linesOf(fields: JsonObject, columns: number): string[] {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  const flat = entries.filter(([, value]) => isFlat(value));
  const width = Math.max(0, ...flat.map(([key]) => label(key).length));
  const short = flat.map(([key, value]) => `${label(key).padEnd(width)}  ${cell(value, key)}`);
  const long = entries
    .filter(([, value]) => !isFlat(value))
    .flatMap(([key, value]) => [`${label(key)}:`, ...nested(value, columns - INDENT.length)]);
  return [...short, ...long];
}

function nested(value: unknown, columns: number): string[] {
  const lines = isObject(value) ? linesOf(value, columns) : listLines(value as unknown[], columns);
  return lines.map((line) => (line === '' ? line : INDENT + line));
}

function listLines(list: readonly unknown[], columns: number): readonly string[] {
  if (list.length === 0) return ['none'];
  if (!list.every(isObject)) return list.map((one) => `- ${plainText(one, columns)}`);
  const table = list.every((one) => Object.values(one).every(isFlat)) ? tableOf(list) : [];
  if (table.length > 0 && table.every((line) => line.length <= columns)) return table;
  return list.flatMap((one, index) => [...(index > 0 ? [''] : []), ...linesOf(one, columns)]);
}

function tableOf(list: readonly JsonObject[]): readonly string[] {
  const keys = [...new Set(list.flatMap((one) => Object.keys(one)))];
  const rows = list.map((one) => keys.map((key) => cell(one[key], key)));
  return textTable([keys.map(label), ...rows], () => false).split('\n');
}

/** Fits into one line. */
function isFlat(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object');
  return !isObject(value) || Object.keys(value).length === 0;
}

function cell(value: unknown, key: string): string {
  if (isObject(value)) return 'none';
  if (!Array.isArray(value)) return scalarText(value, key);
  if (value.length === 0) return 'none';
  const text = value.map((one) => scalarText(one, key)).join(', ');
  return text.length <= MOST_CELL ? text : `${text.slice(0, MOST_CELL - 1)}…`;
}

/** `timeMs` -> time, `setAside` -> set aside: values show their unit. */
function label(key: string): string {
  return key
    .replace(/(?<=[a-z])(Ms|S|_s|Bytes)$/, '')
    .replaceAll(/(?<=[a-z])[A-Z]|_/g, (letter) => ` ${letter.replace('_', '').toLowerCase()}`);
}

/** After 1973: a smaller number of milliseconds is a duration. */
const LEAST_TIME_MS = 1e11;

function scalarText(value: unknown, key: string): string {
  if (typeof value === 'number') return numberText(value, key);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null || value === undefined) return '-';
  const text = String(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? localTimeText(Date.parse(text)) : text;
}

/** Multiples of the alert level: from here on they say no more than that it is far above it. */
const SCORES: ReadonlySet<string> = new Set(['score', 'peak']);
const MOST_SCORE = 100;

function numberText(value: number, key: string): string {
  if (key.endsWith('Ms'))
    return value >= LEAST_TIME_MS ? localTimeText(value) : `${figure(value)} ms`;
  if (key.endsWith('Bytes')) return `${Math.round(value / 1e5) / 10} MB`;
  if (/[a-z](S|_s)$/.test(key)) return spanText(1000 * value);
  if (SCORES.has(key) && value > MOST_SCORE) return `over ${MOST_SCORE}`;
  return figure(value);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(6)));
}
