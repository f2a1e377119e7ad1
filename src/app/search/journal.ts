// The journal of a search: its settings, proposals and results. One JSON line each, so that a search that
// was killed loses only the running evaluations.
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import {
  type AskedAndDone,
  askedAndDone,
  continueLineJournal,
  hasLineJournal,
  parseEntry,
  readLineJournal,
  requireFree,
  startLineJournal,
  strangeLine,
} from '../../io/files/line-journal.ts';
import { engineSchema } from '../../lab/profiler/engine-identity.ts';
import { settingsSchema } from './settings.ts';

const FORMAT = 'sentigon-search/2';
/** Without objectives and without a scale of the memory; its searches go on as they began. */
const EARLIER = 'sentigon-search/1';
const FILE = 'journal.jsonl';

const reach = z.number().positive();

/** Where the terms of the performance reach 0, as `Scale`. */
const scaleSchema = z.strictObject({
  latencyS: reach,
  energyJ: reach.optional(),
  peakPowerW: reach.optional(),
  memoryBytes: reach.optional(),
  leakageJ: reach.optional(),
  areaMm2: reach.optional(),
});

const headerSchema = z.strictObject({
  format: z.enum([FORMAT, EARLIER]),
  startedAt: z.iso.datetime(),
  engine: engineSchema,
  /** Hash of what networks are trained and judged on. */
  data: z.string(),
  /** Hash of the profiles of its devices; absent in earlier journals. */
  profiles: z.string().optional(),
  scale: scaleSchema,
  settings: settingsSchema,
});

const cost = z.number().nonnegative();

const costsSchema = z.strictObject({
  p50S: cost,
  p95S: cost,
  energyJ: cost.optional(),
  peakPowerW: cost.optional(),
  memoryBytes: cost,
  leakageJ: cost.optional(),
  areaMm2: cost.optional(),
  simulated: z.literal(true).optional(),
  epoch: z.int().positive().optional(),
  modelled: z.array(z.string()).readonly().optional(),
});

const askedSchema = z.strictObject({ asked: z.int(), candidate: z.int(), reason: z.string() });

/** The result of one proposal. */
const evaluatedSchema = z.strictObject({
  /** Number of the proposal, from 0 on. */
  done: z.int(),
  candidate: z.int(),
  /** One for each training; none where the candidate is infeasible. */
  accuracy: z.array(z.number().min(0).max(1)),
  costs: costsSchema,
  /** Why it is infeasible. */
  failure: z.string().optional(),
  /** Seconds of a processor that its trainings took, when they were really done. */
  trainS: z.number(),
});

/** The search went on with another number of evaluations. */
const budgetSchema = z.strictObject({ budget: z.int().positive() });

export type JournalHeader = z.infer<typeof headerSchema>;
export type Asked = z.infer<typeof askedSchema>;
export type Evaluated = z.infer<typeof evaluatedSchema>;

export interface JournalContent {
  readonly header: JournalHeader;
  /** Evaluations, as it was begun or last resumed. */
  readonly budget: number;
  readonly asked: readonly Asked[];
  /** By the number of the proposal. */
  readonly done: ReadonlyMap<number, Evaluated>;
}

export type Journal = AskedAndDone<Asked, Evaluated>;

/** What a search writes at its end, and the journal of an optimisation. */
const OTHERS = ['result.json', 'model.safetensors', 'accelerator.json', 'optimise.jsonl'];

/**
 * Throws `ConfigError` where the folder holds a search already, or something that is of none. A search without a result counts as
 * none: its data or its options were refused, and are corrected.
 */
export function requireFresh(folder: string): void {
  if (!hasLineJournal(join(folder, FILE), '"done":')) {
    requireFree(folder, OTHERS, 'search');
    return;
  }
  throw new ConfigError(
    `${folder} already holds a search: continue it with --resume ${folder}, or name another folder`,
    { code: 'SEN_CFG_SEARCH_EXISTS' },
  );
}

/** Makes the folder. Throws `ConfigError` where it holds a search already. */
export function startJournal(
  folder: string,
  header: Omit<JournalHeader, 'format'>,
): Journal & { readonly header: JournalHeader } {
  requireFresh(folder);
  const whole = { format: FORMAT, ...header } as const;
  return { ...askedAndDone(startLineJournal(join(folder, FILE), whole)), header: whole };
}

/** Goes on after the last whole line. The next resume is for `budget` evaluations, too; `before` is what the journal says. */
export function continueJournal(folder: string, before: number, budget: number): Journal {
  const lines = continueLineJournal(join(folder, FILE));
  if (budget !== before) lines.write({ budget }, true);
  return askedAndDone(lines);
}

const entrySchema = z.union([askedSchema, evaluatedSchema, budgetSchema]);

/**
 * A line that was cut short by the end of the process is left out. Throws `SourceError` for a folder without a search, or
 * one that was altered.
 */
export function readJournal(folder: string): JournalContent {
  const journal = { path: join(folder, FILE), what: 'a search' };
  const [first, ...rest] = readLineJournal(journal);
  const header = parseEntry(headerSchema, first, journal, 1);
  const asked: Asked[] = [];
  const done = new Map<number, Evaluated>();
  let { budget } = header.settings;
  for (const [i, line] of rest.entries()) {
    const entry = parseEntry(entrySchema, line, journal, i + 2);
    if ('budget' in entry) ({ budget } = entry);
    else if ('asked' in entry) asked.push(entry);
    else if (asked.some((one) => one.asked === entry.done && one.candidate !== entry.candidate))
      throw strangeLine(journal, i + 2, 'candidate');
    else done.set(entry.done, entry);
  }
  return { header, budget, asked, done };
}
