// The way of a sample: the files and functions from a source to the outbox that a reader has to know. Follows named
// functions and imports; prints what it finds, and fails when the way is too long.
//
// From each function on the way it follows
// - functions of the same file or imported ones that take or return what travels (TRAVELS), and classes made with it,
// - the calls in THROUGH_INTERFACES, which the types alone do not lead to.
// It follows no stage of the pipeline: each is one file behind an interface of core/, and a reader opens the one he needs.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

const LIMITS = { files: 10, lines: 1000 };

/**
 * Where the way starts: in the source that stands for all, as it needs no hardware; where a stream opens its source; and
 * where a run begins.
 */
const STARTS = [
  'io/sources/host.ts#createHostSource',
  'app/streams/stream-supervisor.ts#Supervisor',
  'app/streams/watch.ts#watch',
  'app/streams/watch.ts#passLive',
];

/** Types of what travels. */
const TRAVELS = /\b(Source|Sample|Alert|AlertCommit)\b/;

/** Function -> call in it through an interface -> what is called. */
const THROUGH_INTERFACES = {
  savingOf: { 'dispatcher.save': 'app/alerts/dispatcher.ts#saveAndSend' },
  saveAndSend: { 'store.addAlert': 'io/store/sqlite-store.ts#SqliteStore.addAlert' },
};

/** What the last function does: the alert is in the outbox. */
const END = 'statements.queue.run';

/**
 * The way below the folder `src`: `files` in the order in which they are met, each with the functions on the way and
 * their lines, and `faults`, a line each.
 */
export function sampleWay(src, limits = LIMITS) {
  const read = createReader();
  const met = new Map();
  const faults = [];
  const find = (place) => declared(place, src, read, faults);
  const queue = STARTS.map(find);
  let arrives = false;
  while (queue.length > 0) {
    const found = queue.shift();
    if (!found || met.has(found.node)) continue;
    met.set(found.node, found);
    arrives ||= found.node.getText().includes(END);
    queue.push(...followed(found, read, find, faults));
  }
  if (!arrives) faults.push(`the way does not lead to ${END}: correct scripts/sample-way.mjs`);
  const files = byFile([...met.values()], src);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  if (files.length > limits.files) {
    faults.push(
      `a sample's way leads through ${files.length} files, at most ${limits.files} may be`,
    );
  }
  if (lines > limits.lines) {
    faults.push(`a sample's way has ${lines} lines, at most ${limits.lines} may be`);
  }
  return { files, lines, faults };
}

/** The content of a file by its path, read once. */
function createReader() {
  const known = new Map();
  return (path) => {
    if (!known.has(path)) known.set(path, existsSync(path) ? contentOf(path) : undefined);
    return known.get(path);
  };
}

/** Functions, classes and imports of a file by name. */
function contentOf(path) {
  const text = readFileSync(path, 'utf8');
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const declarations = statements.filter(
    (node) => ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node),
  );
  return {
    path,
    lines: text.trimEnd().split('\n').length,
    names: new Map(declarations.map((node) => [node.name?.text, node])),
    imports: new Map(
      statements.filter(ts.isImportDeclaration).flatMap((node) => importsIn(node, path)),
    ),
  };
}

/** Name in the file -> where it comes from and what it is called there. */
function importsIn({ moduleSpecifier, importClause }, path) {
  const from = join(path, '..', moduleSpecifier.text);
  const { elements = [] } = importClause?.namedBindings ?? {};
  return elements.map(({ name, propertyName }) => [
    name.text,
    { from, name: (propertyName ?? name).text },
  ]);
}

/** What `<path below src>#<name>` names: a function, a class, or a method as `Class.method`. */
function declared(place, src, read, faults) {
  const [path, name] = place.split('#');
  const [owner, method] = name.split('.');
  const content = read(join(src, path));
  const whole = content?.names.get(owner);
  const node = method ? whole?.members?.find((member) => member.name?.text === method) : whole;
  if (node) return { content, node, name: method ?? owner };
  faults.push(`there is no ${place}: correct scripts/sample-way.mjs`);
  return undefined;
}

/** What a function on the way calls that is on the way, too. */
function followed({ content, node, name }, read, find, faults) {
  const calls = callsIn(node);
  const through = Object.entries(THROUGH_INTERFACES[name] ?? {}).map(([call, target]) => {
    if (!calls.includes(call)) {
      faults.push(`${name} does not call ${call}: correct scripts/sample-way.mjs`);
    }
    return find(target);
  });
  const direct = calls.flatMap((call) => resolved(call, content, read) ?? []);
  return [...through, ...direct.filter(({ node: called }) => carries(called))];
}

/** Names in calls and `new`, e.g. `openOnce` or `dispatcher.save`. */
function callsIn(node) {
  const calls = [];
  const visit = (child) => {
    if (ts.isCallExpression(child) || ts.isNewExpression(child)) {
      calls.push(child.expression.getText());
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
  return calls;
}

function resolved(name, content, read) {
  const own = content.names.get(name);
  if (own) return { content, node: own, name };
  const imported = content.imports.get(name);
  const there = imported && read(imported.from);
  const node = there?.names.get(imported.name);
  return node && { content: there, node, name: imported.name };
}

/** Whether a function takes or returns what travels, or a class is made with it. */
function carries(node) {
  const maker = ts.isClassDeclaration(node) ? node.members.find(ts.isConstructorDeclaration) : node;
  const types = [...(maker?.parameters ?? []).map(({ type }) => type), maker?.type];
  return types.some((type) => type && TRAVELS.test(type.getText()));
}

function byFile(met, src) {
  const files = new Map();
  for (const { content, node, name } of met) {
    const path = join('src', relative(src, content.path));
    const file = files.get(path) ?? { path, functions: [], lines: 0, of: content.lines };
    file.functions.push(name);
    file.lines += linesOf(node);
    files.set(path, file);
  }
  return [...files.values()];
}

function linesOf(node) {
  return node.getText().trimEnd().split('\n').length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { files, lines: all, faults } = sampleWay('src');
  for (const file of files) {
    const { path, functions, lines, of } = file;
    console.log(`${path}: ${lines} of ${of} lines, ${functions.join(', ')}`);
  }
  console.log(`a sample's way: ${files.length} files, ${all} lines`);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
}
