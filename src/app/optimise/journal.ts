// The journal of an optimisation: its problem, proposals and results, one JSON line each.
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import {
  type AskedAndDone,
  askedAndDone,
  continueLineJournal,
  hasLineJournal,
  type JournalSource,
  parseEntry,
  readLineJournal,
  requireFree,
  startLineJournal,
  strangeLine,
} from '../../io/files/line-journal.ts';
import { keyOf } from '../../lab/search/points/space.ts';
import { LARGEST, type ProblemFile, problemSchema } from './problem-schema.ts';

const FORMAT = 'sentigon-optimise/1';
const JOURNAL_FILE = 'optimise.jsonl';

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  startedAt: z.iso.datetime(),
  problem: problemSchema,
});

const askedSchema = z.strictObject({
  asked: z.int(),
  point: z.array(z.number()),
  reason: z.string(),
});

const doneSchema = z.strictObject({
  /** Number of the proposal, from 0 on. */
  done: z.int(),
  point: z.array(z.number()),
  reason: z.string(),
  /** One for each repetition that did not fail, in the units of the program. */
  runs: z.array(z.record(z.string(), z.number().min(-LARGEST).max(LARGEST))),
  /** Why the evaluation failed. */
  failure: z.string().optional(),
  /** On the clock, of all its runs. */
  seconds: z.number().nonnegative(),
});

/** It went on with another reference, or with none. */
const referenceSchema = z.strictObject({
  reference: problemSchema.shape.reference.unwrap().nullable(),
});

export type Asked = z.infer<typeof askedSchema>;
export type Done = z.infer<typeof doneSchema>;

export type Journal = AskedAndDone<Asked, Done>;

export interface JournalContent {
  /** With the reference that it last went on with. */
  readonly problem: ProblemFile;
  /** By the number of the proposal: 0, 1, ... */
  readonly asked: readonly Asked[];
  /** By the number of the proposal. */
  readonly done: ReadonlyMap<number, Done>;
}

export function hasJournal(folder: string): boolean {
  return hasLineJournal(join(folder, JOURNAL_FILE));
}

/** What an optimisation writes beside its journal, and the journal of a search. */
const OTHERS = ['runs', 'evaluations.csv', 'journal.jsonl'];

/** Makes the folder. Throws `ConfigError` where it holds an optimisation already, or something that is of none. */
export function startJournal(folder: string, problem: ProblemFile, startedAt: string): Journal {
  if (hasJournal(folder)) {
    throw new ConfigError(
      `${folder} already holds an optimisation: continue it with --resume, or name another folder`,
      { code: 'SEN_CFG_SEARCH_EXISTS' },
    );
  }
  requireFree(folder, OTHERS, 'optimisation');
  const header = { format: FORMAT, startedAt, problem };
  return askedAndDone(startLineJournal(join(folder, JOURNAL_FILE), header));
}

/** Goes on after the last whole line of the journal that was read `before`, with the reference of `problem`. */
export function continueJournal(
  folder: string,
  { problem: before }: JournalContent,
  { reference }: ProblemFile,
): Journal {
  const lines = continueLineJournal(join(folder, JOURNAL_FILE));
  const isSame = isDeepStrictEqual(reference, before.reference);
  if (!isSame) lines.write({ reference: reference ?? null }, true);
  return askedAndDone(lines);
}

/** Throws `SourceError` for a folder without an optimisation, or one that was altered. */
export function readJournal(folder: string): JournalContent {
  const journal = { path: join(folder, JOURNAL_FILE), what: 'an optimisation' };
  const [first, ...rest] = readLineJournal(journal);
  const { problem } = parseEntry(headerSchema, first, journal, 1);
  let { reference } = problem;
  const asked: Asked[] = [];
  const done = new Map<number, Done>();
  for (const [i, line] of rest.entries()) {
    const entry = entryOf(line, problem, journal, i + 2);
    if (!isInOrder(entry, asked, done)) throw strangeLine(journal, i + 2, 'order');
    if ('reference' in entry) reference = entry.reference ?? undefined;
    else if ('asked' in entry) asked.push(entry);
    else done.set(entry.done, entry);
  }
  return { problem: { ...problem, reference }, asked, done };
}

/** Proposals are numbered 0, 1, ..., and each is answered once at most. */
function isInOrder(entry: Entry, asked: readonly Asked[], done: JournalContent['done']): boolean {
  if ('reference' in entry) return true;
  if ('asked' in entry) return entry.asked === asked.length;
  const point = asked[entry.done]?.point ?? [];
  return keyOf(point) === keyOf(entry.point) && !done.has(entry.done);
}

const entrySchema = z.union([askedSchema, doneSchema, referenceSchema]);

type Entry = z.infer<typeof entrySchema>;

/** Throws `SourceError` for a line that the problem cannot have written. */
function entryOf(
  line: unknown,
  { variables, objectives, constraints, repetitions }: ProblemFile,
  journal: JournalSource,
  number: number,
): Entry {
  const entry = parseEntry(entrySchema, line, journal, number);
  if ('reference' in entry) {
    const names = Object.keys(entry.reference ?? objectives);
    if (isDeepStrictEqual(names.sort(), Object.keys(objectives).sort())) return entry;
    throw strangeLine(journal, number, 'reference');
  }
  if (entry.point.length !== Object.keys(variables).length)
    throw strangeLine(journal, number, 'point');
  if ('asked' in entry || entry.failure !== undefined) return entry;
  const metrics = [...Object.keys(objectives), ...Object.keys(constraints)];
  const whole = entry.runs.every((run) => metrics.every((name) => Object.hasOwn(run, name)));
  if (whole && entry.runs.length === repetitions) return entry;
  throw strangeLine(journal, number, 'runs');
}

/** What may differ where an optimisation goes on: it does not change what was proposed. */
const MAY_DIFFER: ReadonlySet<string> = new Set(['budget', 'timeoutS', 'reference']);

/** Throws `ConfigError` naming what differs from the problem of the journal, and for a budget below what was begun. */
export function requireSameProblem(
  folder: string,
  { problem: before, asked }: JournalContent,
  now: ProblemFile,
): void {
  const differing = (Object.keys(now) as (keyof ProblemFile)[]).filter(
    (key) => !MAY_DIFFER.has(key) && JSON.stringify(before[key]) !== JSON.stringify(now[key]),
  );
  if (differing.length === 0) {
    requireBudget(asked.length, now);
    return;
  }
  throw new ConfigError(
    `${folder} holds the journal of another problem: ${differing.join(', ')} differ from this file: name that file, or another folder`,
    { code: 'SEN_CFG_OPTIMISE_OTHER' },
  );
}

function requireBudget(begun: number, { budget }: ProblemFile): void {
  if (begun <= budget) return;
  throw new ConfigError(
    `${begun} evaluations were begun, more than the budget of ${budget}: set it to ${begun} or more`,
    { code: 'SEN_CFG_OPTION' },
  );
}
