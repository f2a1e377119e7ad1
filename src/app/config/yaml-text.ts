// A YAML text as a document, in bounded time and memory. What is wrong with it is said in words of ours and at a place,
// and nothing of the text is quoted, because the line may hold a password and faults end in logs.
import {
  type Document,
  type ErrorCode,
  isAlias,
  isCollection,
  isNode,
  isPair,
  isScalar,
  Lexer,
  type LineCounter,
  type Node,
  Parser,
  parseDocument,
} from 'yaml';

export interface YamlFault {
  /** Characters from the start of the text. */
  readonly offset: number;
  readonly message: string;
}

export interface ParsedYaml {
  readonly document: Document;
  /** Only a document without faults can be turned into data. */
  readonly faults: readonly YamlFault[];
}

/** Of a configuration file; a hundred streams with all their options have a fifth of that. */
export const MOST_CONFIG_BYTES = 512 * 1024;

/** Mappings and lists inside each other; the options need ten. Beyond some thousand the parser ends the process. */
const MOST_DEPTH = 100;
/** Marks, words, spaces and line ends: ten times what a hundred streams with all their options have. */
const MOST_LEXEMES = 200_000;
/** Values, with those that an alias repeats counted each time. */
const MOST_VALUES = 50_000;
/** Each is looked up among all anchors. */
const MOST_ALIASES = 1000;
/** One slip makes the parser stumble over many lines. */
const MOST_TOLD = 5;

/** `lines` learns where lines begin. */
export function parseYaml(text: string, lines?: LineCounter): ParsedYaml {
  const tooMuch = excessOf(text);
  const options = {
    prettyErrors: false, // they quote the line
    uniqueKeys: false, // its time is the square of their number; `structureOf` looks at them
    logLevel: 'error', // warnings on standard error quote, too
    ...(lines && { lineCounter: lines }),
  } as const;
  if (tooMuch) return { document: parseDocument('', options), faults: [tooMuch] };
  const document = parseDocument(text, options);
  const faults = [...document.errors, ...document.warnings]
    .slice(0, MOST_TOLD)
    .map(({ pos, code }) => ({ offset: pos[0], message: `found broken YAML, ${EXPECTED[code]}` }));
  return { document, faults: faults.length > 0 ? faults : structureFaults(document.contents) };
}

/** The first place where a text is too deep or too long to be looked at further; the parser itself is recursive. */
function excessOf(text: string): YamlFault | undefined {
  const parser = new Parser();
  let offset = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const _token of parser.next(lexeme)); // tokens are made, and not needed here
    offset += lexeme.length;
    if (parser.stack.length > MOST_DEPTH) {
      return { offset, message: `found more than ${MOST_DEPTH} levels, expected a configuration` };
    }
    if (++lexemes > MOST_LEXEMES) {
      return { offset, message: 'found more marks than any configuration has, expected one' };
    }
  }
  return undefined;
}

interface Walk {
  /** By name, the last one that was met. */
  readonly anchors: Map<string, Node>;
  /** Values below each node that has been walked, itself included. */
  readonly sizes: Map<Node, number>;
  readonly faults: YamlFault[];
  aliases: number;
}

function structureFaults(root: Node | null): readonly YamlFault[] {
  const walk: Walk = { anchors: new Map(), sizes: new Map(), faults: [], aliases: 0 };
  const values = root ? sizeOf(root, walk) : 0;
  const atStart = (message: string) => walk.faults.push({ offset: root?.range?.[0] ?? 0, message });
  if (walk.aliases > MOST_ALIASES) atStart(`found more than ${MOST_ALIASES} aliases, expected few`);
  if (values > MOST_VALUES) {
    atStart(`found more than ${MOST_VALUES} values, aliases resolved, expected a configuration`);
  }
  return walk.faults;
}

function sizeOf(node: Node, walk: Walk): number {
  if (isAlias(node)) return aliasSize(node, node.source, walk);
  if ((isScalar(node) || isCollection(node)) && node.anchor) walk.anchors.set(node.anchor, node);
  const size = isCollection(node) ? 1 + itemsSize(node.items, walk) : 1;
  walk.sizes.set(node, size);
  return size;
}

function itemsSize(items: readonly unknown[], walk: Walk): number {
  const keys = new Set<string>();
  let size = 0;
  for (const item of items) {
    if (isPair(item)) requireKey(item.key, keys, walk);
    const value = isPair(item) ? item.value : item;
    if (isNode(value)) size += sizeOf(value, walk);
  }
  return size;
}

function aliasSize(alias: Node, source: string, walk: Walk): number {
  walk.aliases++;
  const target = walk.anchors.get(source);
  const size = target && walk.sizes.get(target);
  if (size !== undefined) return size;
  const message = target
    ? 'found an alias inside of what it stands for, expected it after that'
    : 'found an alias of an anchor that is not there, expected & with the same name before it; a text that begins with * needs quotes';
  walk.faults.push({ offset: alias.range?.[0] ?? 0, message });
  return 1;
}

function requireKey(key: unknown, keys: Set<string>, { faults }: Walk): void {
  const offset = (isNode(key) && key.range?.[0]) || 0;
  if (!isScalar(key)) {
    faults.push({ offset, message: 'found a key that is no text, expected one before each colon' });
    return;
  }
  const name = String(key.value);
  if (keys.has(name)) {
    faults.push({
      offset,
      message: 'found the same key twice in one mapping, expected it once',
    });
  }
  // zod takes no notice of it, whatever the schema says
  if (name === '__proto__')
    faults.push({ offset, message: `found the key ${name}, expected another name` });
  keys.add(name);
}

const NO_NESTING = 'expected a nested mapping on lines of its own, or quotes around a text with :';
const ONE_PROPERTY = 'expected at most one anchor and one tag before a value';

/** For each code of the parser, whose own messages quote the text. */
const EXPECTED: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'expected an alias without anchor and tag',
  BAD_ALIAS: 'expected a name after *',
  BAD_COLLECTION_TYPE: 'expected a tag that fits its value',
  BAD_DIRECTIVE: 'expected no line that begins with %',
  BAD_DQ_ESCAPE: 'expected \\\\ for a backslash between double quotes',
  BAD_INDENT: 'expected all entries of a mapping or list in one column, and texts in quotes to end',
  BAD_PROP_ORDER: 'expected anchor and tag right before their value',
  BAD_SCALAR_START: 'expected quotes around a text that begins with @, ` or %',
  BLOCK_AS_IMPLICIT_KEY: NO_NESTING,
  BLOCK_IN_FLOW: 'expected commas, and no lines with - or |, between brackets',
  DUPLICATE_KEY: 'expected each key once',
  IMPOSSIBLE: 'expected YAML',
  KEY_OVER_1024_CHARS: 'expected a shorter key',
  MISSING_CHAR: 'expected a closing quote or bracket, a comma, a colon or a space here or before',
  MULTILINE_IMPLICIT_KEY: 'expected a key and its colon on one line',
  MULTIPLE_ANCHORS: ONE_PROPERTY,
  MULTIPLE_DOCS: 'expected one document: no line with --- after the first',
  MULTIPLE_TAGS: ONE_PROPERTY,
  NON_STRING_KEY: 'expected a text as a key',
  RESOURCE_EXHAUSTION: 'expected fewer levels',
  TAB_AS_INDENT: 'expected spaces instead of tabs at the beginning of a line',
  TAG_RESOLVE_FAILED: 'expected quotes around a text that begins with !',
  UNEXPECTED_TOKEN:
    'expected the end of the line or a new key: a text with : # { } [ ] , & * needs quotes',
};
