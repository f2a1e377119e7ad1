// The result of a search, kept beside its journal: result.json, for people, programs and the report.
import { join } from 'node:path';
import { z } from 'zod';
import { SourceError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import { writeWhole } from '../../io/files/written-file.ts';
import type { Prediction } from './calibration.ts';
import type { Costs } from './costs.ts';
import type { HandMadePair } from './hand-made-pair.ts';
import type { Found } from './points.ts';
import type { ObjectiveName } from './settings.ts';

const FORMAT = 'sentigon-search-result/2';
const FILE = 'result.json';

/** Absent = could not be had, e.g. there are no labels, or the device is another one. */
export interface SearchResult extends Found {
  readonly format: typeof FORMAT;
  /** Of the front, where one was sought. */
  readonly objectives?: readonly ObjectiveName[];
  /** In the order of the proposals. */
  readonly history: readonly HistoryEntry[];
  /** Predictions of the later evaluations by a surrogate of those before. */
  readonly calibration: readonly Prediction[];
  readonly model?: ModelResult;
}

export interface HistoryEntry {
  readonly candidate: number;
  readonly reason: string;
  /** Mean of its trainings; absent = infeasible, or a front was sought. */
  readonly performance?: number;
  /** Of the front after it. */
  readonly hypervolume: number;
}

/** A network that was trained in full. */
export interface ModelResult {
  /** File in the folder of the search. */
  readonly file: string;
  readonly id: string;
  readonly kind: string;
  /** On the device the search was for, after it. */
  readonly measured?: Costs;
  /** Processes that wanted a processor while it was measured. */
  readonly load?: number | undefined;
  /** What a network of the profile took at that time, over what it took when it was profiled. */
  readonly slowdown?: number | undefined;
  /** |predicted - measured| / measured of the median latency. */
  readonly latencyError?: number;
  /** On the accelerator of its pair, with its own zeros, see `costsOfTrained`. */
  readonly simulated?: Costs;
  /** What the leakage of that accelerator lacks, see `MEMORIES`. */
  readonly leavesOut?: string | undefined;
  /** On labelled events that no candidate was judged on. */
  readonly heldOutVusPr?: number | undefined;
  /** The same of the network of that family that is used without a search. */
  readonly handMadeVusPr?: number | undefined;
  /** That network on the accelerator that suits it best, where accelerators were searched, too. */
  readonly handMadePair?: HandMadePair | undefined;
}

export function writeSearchResult(
  folder: string,
  found: Omit<SearchResult, 'format'>,
): SearchResult {
  const path = join(folder, FILE);
  const result: SearchResult = { format: FORMAT, ...found };
  writeWhole(path, `${JSON.stringify(result, undefined, 1)}\n`);
  return result;
}

/** Of a point what a page cannot do without. */
export const pointSchema = z.looseObject({
  ...{ candidate: z.number(), name: z.string(), device: z.string(), onFront: z.boolean() },
  ...{ evaluations: z.array(z.int().nonnegative()).min(1), accuracies: z.array(z.number()) },
  costs: z.looseObject({ p50S: z.number().nonnegative(), memoryBytes: z.number().nonnegative() }),
});

/** The parts that are drawn, as far as a page cannot do without them. */
const resultSchema = z.looseObject({
  points: z.array(pointSchema),
  history: z.array(z.looseObject({ candidate: z.number(), hypervolume: z.number() })),
  calibration: z.array(z.looseObject({})),
  reason: z.string(),
  hypervolume: z.number(),
});

/** Throws `SourceError` for a search that has not come to its end, and for a file that is something else. */
export function readSearchResult(folder: string): SearchResult {
  const path = join(folder, FILE);
  const advice = `let it come to its end with sentigon search --resume ${folder}`;
  const refused = (why: string, cause: unknown) =>
    new SourceError(`${path} holds no result of a search${why}: ${advice}`, {
      code: 'SEN_SRC_SEARCH_FOLDER',
      cause,
    });
  const json = jsonOf(path, refused);
  const found = z.looseObject({ format: z.string() }).safeParse(json).data?.format ?? 'none';
  if (found !== FORMAT) throw refused(` (found format ${found}, expected ${FORMAT})`, undefined);
  const parsed = resultSchema.safeParse(json);
  if (parsed.success) return parsed.data as unknown as SearchResult; // our own file
  const [fault] = faultTexts(parsed.error, json, { whole: 'the file' });
  throw refused(` (${fault})`, parsed.error);
}

/** Throws what `refused` makes of a file that cannot be read or holds no JSON. */
export function jsonOf(
  path: string,
  refused: (why: string, cause: unknown) => SourceError,
): unknown {
  try {
    return JSON.parse(readWholeText(path));
  } catch (cause) {
    throw refused('', cause);
  }
}
