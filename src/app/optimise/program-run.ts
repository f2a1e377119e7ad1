// One run of the program: its arguments, and the metrics in the JSON lines that it prints.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import { extent, mean, median } from '../../engine/statistics.ts';
import { makeFolder, onDisk } from '../../io/files/written-file.ts';
import { outputOf } from '../../io/process/child-process.ts';
import { parseJson, valueAt } from '../../io/text/json.ts';
import type { Metrics, Setting } from './problem.ts';
import {
  largestNumber,
  type MetricEntry,
  PLACEHOLDER,
  type ProblemFile,
} from './problem-schema.ts';

export interface ProgramRun {
  /** From 1 on, another one for each run of the search. */
  readonly number: number;
  readonly settings: Readonly<Record<string, Setting>>;
  /** Holds the folder that the run is given. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Called with warnings; `kind` is the same for the same warning about another run. */
  warn(line: string, kind: string): void;
}

/**
 * Throws `SourceError` for a run that fails, `StoreError` where its folder cannot be made, `DeviceError` where there is no such
 * program, and the signal's reason.
 */
export async function runProgram(problem: ProblemFile, run: ProgramRun): Promise<Metrics> {
  const own = join(run.folder, 'runs', String(run.number));
  const given: Readonly<Record<string, Setting>> = {
    ...run.settings,
    run: run.number,
    folder: own,
  };
  const filled = (argument: string) =>
    argument.replaceAll(PLACEHOLDER, (_, name: string) => String(given[name]));
  if (problem.command.some((argument) => argument.includes('{folder}'))) {
    onDisk(own, () => rmSync(own, { recursive: true, force: true })); // of a run that was killed
    makeFolder(own);
  }
  const where = `run ${run.number}`;
  const output = await outputOf(problem.command.map(filled), {
    where,
    timeoutMs: 1000 * problem.timeoutS,
    signal: run.signal,
  });
  return metricsIn(output, problem, { where, warn: run.warn });
}

interface Telling {
  readonly where: string;
  warn(line: string, kind: string): void;
}

/** Exported for tests. Throws `SourceError` without JSON, and for a metric that is absent, no finite number or too large a one. */
export function metricsIn(
  output: string,
  { objectives, constraints }: Pick<ProblemFile, 'objectives' | 'constraints'>,
  telling: Telling,
): Metrics {
  const lines = output.split('\n').flatMap(jsonIn);
  if (lines.length === 0) {
    throw unusable(
      `${telling.where} printed no line of JSON: let the program print an object on a line of its own`,
    );
  }
  const largest = largestNumber(objectives);
  const metrics = Object.entries({ ...objectives, ...constraints });
  return Object.fromEntries(
    metrics.map(([name, metric]) => [name, numberIn(lines, { name, ...metric, largest }, telling)]),
  );
}

interface Metric extends MetricEntry {
  readonly name: string;
  /** A larger number, or one below its negative, is refused. */
  readonly largest: number;
}

function numberIn(
  lines: readonly unknown[],
  { name, path, over, largest }: Metric,
  { where, warn }: Telling,
): number {
  const isUsable = (value: unknown): value is number =>
    typeof value === 'number' && Math.abs(value) <= largest;
  const found = lines.map((line) => valueAt(line, path)).filter((value) => value !== undefined);
  if (found.length === 0) {
    const keys = typeof lines[0] === 'object' && lines[0] !== null ? Object.keys(lines[0]) : [];
    throw unusable(
      `${where}: no line has ${path} for ${name}${keys.length > 0 ? `: the first has ${keys.slice(0, MOST_KEYS).join(', ')}` : ''}`,
    );
  }
  const numbers = found.filter(isUsable);
  if (numbers.length < found.length) {
    const wrong = found.find((value) => !isUsable(value));
    const shown = typeof wrong === 'number' ? String(wrong) : JSON.stringify(wrong);
    throw unusable(
      `${where}: ${path} is ${shown?.slice(0, SHOWN)}, expected a finite number${Number.isFinite(wrong) ? ` up to ${largest}` : ''}`,
    );
  }
  if (found.length < lines.length) {
    warn(
      `${where}: ${path} is in ${found.length} of ${lines.length} lines of JSON: ${name} is the ${over} of these`,
      path,
    );
  }
  return overLines(over, numbers);
}

/** Most keys and characters that a message shows. */
const [MOST_KEYS, SHOWN] = [12, 40];

function overLines(over: MetricEntry['over'], values: readonly number[]): number {
  switch (over) {
    case 'mean':
      return mean(values);
    case 'median':
      return median(values);
    case 'least':
      return extent(values)[0];
    case 'greatest':
      return extent(values)[1];
  }
}

/** What Python prints for numbers that JSON does not have, or a text, which may hold the same words. */
const NO_NUMBER_OR_TEXT = /NaN|-?Infinity|"(?:[^"\\]|\\.)*"?/g; // "?: looks only once for an end that is not there

/** The content of a line of JSON; nothing for other text, such as a log. */
function jsonIn(line: string): readonly unknown[] {
  if (!/^\s*[{[]/.test(line)) return [];
  try {
    const quoted = (found: string) => (found.startsWith('"') ? found : `"${found}"`);
    return [parseJson(line.trim().replaceAll(NO_NUMBER_OR_TEXT, quoted))]; // JSON takes no byte order mark
  } catch {
    return []; // a line of text that begins with a bracket
  }
}

function unusable(message: string): SourceError {
  return new SourceError(message, { code: 'SEN_SRC_OPTIMISE_OUTPUT' });
}
