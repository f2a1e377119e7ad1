// What zod objects to, in the words of a user: found, expected, did you mean.
import type { ZodError } from 'zod';
import type { ConfigDocument, Fault } from './document.ts';
import { type JsonSchema, keysOf, schemaAt, valueAt } from './json-schema.ts';
import { nearest } from './nearest.ts';

type Issue = ZodError['issues'][number];

export function faultsOf(error: ZodError, document: ConfigDocument, schema: JsonSchema): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, document, schema));
}

function faultsOfIssue(issue: Issue, document: ConfigDocument, schema: JsonSchema): Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    const found = valueAt(document.data, issue.path);
    const shownAs = found !== undefined && isSecret(issue.path.at(-1)) ? HIDDEN : found;
    return [document.at(issue.path, messageOf(issue, shownAs))];
  }
  const known = keysOf(schemaAt(schema, issue.path, document.data));
  return issue.keys.map((key) => document.atKey(issue.path, key, unknownKey(key, known)));
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const expected = meant === undefined ? `, expected one of ${known.join(', ')}` : '';
  return `found an unknown key${expected}${didYouMean(meant)}`;
}

function messageOf(issue: Issue, found: unknown): string {
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
  return `found ${shown(found)}, expected ${expected}`;
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

function didYouMean(meant: string | undefined): string {
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

/** Stands for a value that must not appear in an error, because errors end in logs. */
const HIDDEN = Symbol('a secret');

export function isSecret(key: PropertyKey | undefined): boolean {
  return typeof key === 'string' && /password$|secret|token/i.test(key);
}

function shown(found: unknown): string {
  if (found === null) return 'nothing';
  if (found === HIDDEN) return 'a value of another kind';
  if (typeof found === 'string') return `'${shortened(found)}'`;
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  return typeof found === 'object' ? 'a mapping' : String(found);
}

/** Longest text that is quoted back, characters: enough to be recognised, short enough for one line. */
const QUOTED = 40;

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replace(/\/\/[^/@]*@/, '//...@');
  return line.length > QUOTED ? `${line.slice(0, QUOTED)}...` : line;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `sentigon.yaml:7:5 streams[0].source.kind: found ...`. */
export function faultLine(file: string, fault: Fault): string {
  const path = fault.path === '' ? '' : ` ${fault.path}:`;
  return `${file}:${fault.line}:${fault.column}${path} ${fault.message}`;
}
