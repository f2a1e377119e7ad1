// What a schema finds wrong with a value, in plain words: found, expected, did you mean. Values are never quoted, for each of them
// may be a secret in the wrong place, and errors are logged.
import { type ZodError, ZodObject } from 'zod';
import { didYouMean, nearest } from './nearest-word.ts';

type Issue = ZodError['issues'][number];

interface Judged {
  /** Its keys are listed where one is unknown. */
  readonly schema?: unknown;
  /** What the value as a whole is called where it is wrong. */
  readonly whole?: string;
}

/** Each fault of a value with its place, e.g. `layers.0.hidden: is missing, expected a whole number`. */
export function faultTexts(
  { issues }: Pick<ZodError, 'issues'>,
  value: unknown,
  { schema, whole }: Judged = {},
): readonly string[] {
  const known = schema instanceof ZodObject ? Object.keys(schema.shape) : [];
  return issues.flatMap((issue) => {
    const { path } = issue;
    const place = path.length === 0 ? whole : path.join('.');
    const texts =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(
            (key) =>
              `found an unknown key '${key}'${insteadOf(key, path.length === 0 ? known : [])}`,
          )
        : [issueWords(issue, valueAt(value, path))];
    return texts.map((text) => (place === undefined ? text : `${place}: ${text}`));
  });
}

/** What to write instead of an unknown key; `known` is empty where the others are not known. */
export function insteadOf(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const isListed = meant === undefined && known.length > 0;
  return `${isListed ? `, expected one of ${known.join(', ')}` : ''}${didYouMean(meant)}`;
}

/** What was found and what was expected, without the path. */
export function issueWords(issue: Issue, found: unknown): string {
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
    case 'invalid_key':
      return `found a name that cannot be used, ${issue.issues.map(briefly).join(' or ')}`;
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

/** The value at `path` of plain data. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(property, data);
}

function property(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<PropertyKey, unknown>)[key]; // plain data
}
