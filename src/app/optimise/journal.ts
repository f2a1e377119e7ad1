// The journal of an optimisation: its problem, proposals and results, one JSON line each.
import { join } from 'node:path';
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
import { type ProblemFile, problemSchema } from './problem-schema.ts';

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
  runs: z.array(z.record(z.string(), z.number())),
  /** Why the evaluation failed. */
  failure: z.string().optional(),
  /** On the clock, of all its runs. */
  seconds: z.number(),
});

export type Asked = z.infer<typeof askedSchema>;
export type Done = z.infer<typeof doneSchema>;

export type Journal = AskedAndDone<Asked, Done>;

export interface JournalContent {
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

/** Goes on after the last whole line. */
export function continueJournal(folder: string): Journal {
  return askedAndDone(continueLineJournal(join(folder, JOURNAL_FILE)));
}

/** Throws `SourceError` for a folder without an optimisation, or one that was altered. */
export function readJournal(folder: string): JournalContent {
  const journal = { path: join(folder, JOURNAL_FILE), what: 'an optimisation' };
  const [first, ...rest] = readLineJournal(journal);
  const { problem } = parseEntry(headerSchema, first, journal, 1);
  const asked: Asked[] = [];
  const done = new Map<number, Done>();
  for (const [i, line] of rest.entries()) {
    const entry = entryOf(line, problem, journal, i + 2);
    if ('asked' in entry) {
      if (entry.asked !== asked.length) throw strangeLine(journal, i + 2, 'asked');
      asked.push(entry);
    } else {
      const isAnswer = keyOf(asked[entry.done]?.point ?? []) === keyOf(entry.point);
      if (!isAnswer || done.has(entry.done)) throw strangeLine(journal, i + 2, 'done');
      done.set(entry.done, entry);
    }
  }
  return { problem, asked, done };
}

/** Throws `SourceError` for a line that the problem cannot have written. */
function entryOf(
  line: unknown,
  { variables, objectives, constraints, repetitions }: ProblemFile,
  journal: JournalSource,
  number: number,
): Asked | Done {
  const entry = parseEntry(z.union([askedSchema, doneSchema]), line, journal, number);
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
