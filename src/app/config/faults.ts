// Faults that zod finds, in plain words: found, expected, did you mean. Messages name the line and quote neither values nor keys
// that are not names of options. Each of these may be a secret in the wrong place, and errors are logged.
import type { ZodError } from 'zod';
import type { ConfigDocument, Fault } from './document.ts';
import { describedSteps, type JsonSchema, keysOf, schemaAt, valueAt } from './json-schema.ts';

type Issue = ZodError['issues'][number];

/** Of a value whose issues these are; `schema` is its own. */
export function faultsOf(
  { issues }: Pick<ZodError, 'issues'>,
  document: ConfigDocument,
  schema: JsonSchema,
): Fault[] {
  return issues.slice(0, MOST_TOLD).flatMap((issue) => faultsOfIssue(issue, document, schema));
}

/** Most unknown keys that are reported at once; each is searched for in the text. */
const MOST_TOLD = 50;

function faultsOfIssue(issue: Issue, document: ConfigDocument, schema: JsonSchema): Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    const message = messageOf(issue, valueAt(document.data, issue.path));
    return [document.at(issue.path, message, describedSteps(schema, issue.path, document.data))];
  }
  const known = keysOf(schemaAt(schema, issue.path, document.data));
  return issue.keys
    .slice(0, MOST_TOLD)
    .map((key) => document.atKey(issue.path, key, unknownKey(key, known)));
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const expected = meant === undefined ? `, expected one of ${known.join(', ')}` : '';
  return `found an unknown key${expected}${didYouMean(meant)}`;
}

/** What was found and what was expected, without the path. */
export function messageOf(issue: Issue, found: unknown): string {
  if (issue.message.startsWith(EXPECTED)) return writtenByUs(found, issue.message);
  switch (issue.code) {
    case 'invalid_type':
      return expectation(found, article(issue.expected));
    case 'invalid_value':
      return choice(found, issue.values);
    case 'invalid_union':
      return 'options' in issue && issue.options
        ? choice(found, issue.options)
        : expectation(found, alternatives(issue.errors));
    case 'too_small':
      return expectation(found, bound(issue.origin, atLeast(issue.inclusive), issue.minimum));
    case 'too_big':
      return expectation(found, bound(issue.origin, atMost(issue.inclusive), issue.maximum));
    case 'custom':
      return writtenByUs(found, issue.message);
    case 'invalid_format':
      return writtenByUs(found, lowerFirst(issue.message));
    default:
      return expectation(found, lowerFirst(issue.message));
  }
}

const EXPECTED = 'expected ';

/** Messages that stand in a schema say what is expected, or the whole. */
function writtenByUs(found: unknown, message: string): string {
  return message.startsWith(EXPECTED)
    ? expectation(found, message.slice(EXPECTED.length))
    : message;
}

function expectation(found: unknown, expected: string): string {
  if (found === undefined) return `is missing, expected ${expected}`;
  return `found ${kindOf(found)}, expected ${expected}`;
}

function choice(found: unknown, options: readonly unknown[]): string {
  const names = options.map(String);
  const meant = typeof found === 'string' ? nearest(found, names) : undefined;
  const expected = names.length === 1 ? names.join() : `one of ${names.join(', ')}`;
  return `${expectation(found, expected)}${didYouMean(meant)}`;
}

function alternatives(branches: readonly (readonly Issue[])[]): string {
  const texts = branches.flatMap((issues) => issues.map(briefly));
  return [...new Set(texts)].join(' or ');
}

function briefly(issue: Issue): string {
  if (issue.code === 'invalid_type') return article(issue.expected);
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' or ');
  return lowerFirst(issue.message);
}

export function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean '${meant}'?`;
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `${relation} ${limit} characters`;
  if (origin === 'array') return `${relation} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `${relation} ${limit}`;
}

const atLeast = (inclusive = true) => (inclusive ? 'at least' : 'more than');
const atMost = (inclusive = true) => (inclusive ? 'at most' : 'less than');

/** Words of YAML rather than of JavaScript. */
const typeWords: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function article(type: string): string {
  return typeWords[type] ?? type;
}

function kindOf(found: unknown): string {
  switch (typeof found) {
    case 'string':
      return found === '' ? 'an empty text' : 'a text';
    case 'number':
      return Number.isFinite(found) ? 'a number' : 'a number that is not finite';
    case 'boolean':
      return String(found);
    default:
      if (found === null) return 'nothing';
      if (!Array.isArray(found)) return 'a mapping';
      return found.length === 0 ? 'an empty list' : 'a list';
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `sentigon.yaml:7:5 streams[0].source.kind: found ...`. */
export function faultLine(file: string, fault: Fault): string {
  const path = fault.path === '' ? '' : ` ${fault.path}:`;
  return `${file}:${fault.line}:${fault.column}${path} ${fault.message}`;
}

/**
 * The candidate a user probably meant, or undefined when none is near: at most a third of the letters may differ.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(word.length - candidate.length) >= fewest) continue; // a long text costs time
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

/** Letters to insert, delete, replace or swap with a neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(cheapest(a, b, i, j, { row, last, beforeLast }));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

interface Rows {
  readonly row: readonly number[];
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function cheapest(a: string, b: string, i: number, j: number, rows: Rows): number {
  const at = (row: readonly number[], column: number) => row[column] ?? Number.POSITIVE_INFINITY;
  const same = a[i - 1] === b[j - 1];
  const edits = Math.min(
    at(rows.last, j) + 1,
    at(rows.row, j - 1) + 1,
    at(rows.last, j - 1) + (same ? 0 : 1),
  );
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(edits, at(rows.beforeLast, j - 2) + 1) : edits;
}
