// A YAML text as plain data, with the place of every value, so that a fault can name its line.
import { isMap, isNode, isPair, isScalar, LineCounter, type Node } from 'yaml';
import { migrateDocument } from './migrations.ts';
import { parseYaml } from './yaml-text.ts';

export type Path = readonly PropertyKey[];

/** Something wrong with a configuration, at a place of its text. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  /** Dotted, empty for the whole text. */
  readonly path: string;
  readonly message: string;
}

export interface ConfigDocument {
  readonly data: unknown;
  /** What YAML itself objects to: broken syntax, duplicate keys. `data` is unusable then. */
  readonly faults: readonly Fault[];
  /** A fault at the value of `path`, or at the nearest parent that is written down; the message names the first `named` steps. */
  at(path: Path, message: string, named?: number): Fault;
  /** A fault at the key `key` of the mapping at `path`; the key itself is not named. */
  atKey(path: Path, key: string, message: string): Fault;
}

/** A configuration, in its newest form. */
export function readDocument(text: string): ConfigDocument {
  return documentOf(text, migrateDocument);
}

/** Any YAML, as it is. */
export function readPlainDocument(text: string): ConfigDocument {
  return documentOf(text, () => undefined);
}

function documentOf(text: string, migrate: typeof migrateDocument): ConfigDocument {
  const lines = new LineCounter();
  const { document, faults: found } = parseYaml(text, lines);
  if (found.length === 0) migrate(document);
  const place = (offset: number, path: Path, message: string): Fault => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), path: dotted(path), message };
  };
  const faults = found.map(({ offset, message }) => place(offset, [], message));
  return {
    // aliases have been counted
    data: faults.length > 0 ? undefined : document.toJS({ maxAliasCount: -1 }),
    faults,
    at: (path, message, named = path.length) =>
      place(offsetOf(document.contents, path), path.slice(0, named), message),
    atKey: (path, key, message) => place(keyOffset(document.contents, path, key), path, message),
  };
}

/** `['streams', 0, 'source']` as users write it: `streams[0].source`. */
export function dotted(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function offsetOf(root: Node | null, path: Path): number {
  return nodeAt(root, path)?.range?.[0] ?? 0;
}

/** The node at `path`, or its nearest ancestor that exists. */
function nodeAt(root: Node | null, path: Path): Node | null {
  let node = root;
  for (const key of path) {
    const child = hasGet(node) ? node.get(key, true) : undefined;
    if (!isNode(child)) break;
    node = child;
  }
  return node;
}

function keyOffset(root: Node | null, path: Path, key: string): number {
  const parent = nodeAt(root, path);
  if (isMap(parent)) {
    for (const pair of parent.items) {
      if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key) {
        return pair.key.range?.[0] ?? 0;
      }
    }
  }
  return offsetOf(root, [...path, key]);
}

function hasGet(node: unknown): node is { get(key: PropertyKey, keepScalar: true): unknown } {
  return typeof node === 'object' && node !== null && 'get' in node;
}
