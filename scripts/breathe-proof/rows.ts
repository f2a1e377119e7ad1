// results/breathe/<problem>.json: what searches of one problem reached, a line a run; the newest of each method and seed.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readResults, writeResults } from '../result-lines.ts';

const counts = z.int().nonnegative();

const measure = z.strictObject({
  name: z.string(),
  better: z.enum(['more', 'less']),
  /** What 1, or the unit, is. */
  about: z.string(),
});

const proofRun = z.strictObject({
  method: z.string(),
  seed: z.int(),
  /** Of each measure by its name, after each of `at` evaluations. */
  values: z.record(z.string(), z.array(z.number())),
  /** Processor seconds of one proposal, mean. */
  queryS: z.number(),
  /** Share of the evaluations that kept all constraints. */
  feasible: z.number(),
  /** Evaluations up to the first feasible one; null without one. */
  firstFeasible: counts.nullable(),
});

const proofRows = z.strictObject({
  problem: z.string(),
  kind: z.enum(['points', 'graphs']),
  about: z.string(),
  /** Numbers of evaluations after which values are noted, rising; the last is the budget. */
  at: z.array(counts).min(1),
  /** Those of `at` that are reported. */
  report: z.array(counts).min(1),
  measures: z.array(measure).min(1),
  runs: z.array(proofRun),
});

export type ProofRun = z.infer<typeof proofRun>;
export type ProofRows = z.infer<typeof proofRows>;
export type ProofHead = Omit<ProofRows, 'runs'>;

/** A problem with all that search it. */
export interface Contest {
  readonly head: ProofHead;
  /** Names of the methods, and of ours in its variants. */
  readonly methods: readonly string[];
  /** One search to the end; undefined for a method that is not made for the problem. The same seed gives the same values. */
  run(method: string, seed: number): ProofRun | undefined;
}

/** Undefined where there are none yet. Throws `SourceError` for a file that holds something else. */
export function readRows(folder: string, problem: string): ProofRows | undefined {
  return readResults(join(folder, `${fileOf(problem)}.json`), proofRows, 'rows of this proof');
}

export function writeRows(folder: string, rows: ProofRows): void {
  writeResults(join(folder, `${fileOf(rows.problem)}.json`), rows);
}

/** All of a folder, by the name of their file. */
export function allRows(folder: string): readonly ProofRows[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => readResults(join(folder, file), proofRows, 'rows of this proof') ?? []);
}

/** Without what a shell or a link would have to quote. */
export function fileOf(problem: string): string {
  return problem
    .replaceAll(/[^\w-]+/g, '-')
    .replace(/-$/, '')
    .toLowerCase();
}
