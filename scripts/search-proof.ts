// Lets search methods play a table of finished evaluations, and prints who comes nearer to its optimum, and how soon.
//   npx tsx scripts/search-proof.ts [--table proof-loss] [--methods NAME,NAME] [--seeds 20] [--from 1] [--budget N]
//     [--batch 1] [--resume] [--json] [--calibration] [--results results/search] [--space results/search/proof-space.json]
// --from is the first seed. --space: designs that scripts/proof-space.ts trained on another recording, which methods may be
// tuned on, with seeds from 1000 on; it needs --results elsewhere. Without --methods all are run. --calibration also tests the
// predictions of our surrogate, which it fits anew after each five evaluations. Without --budget it is a share of the candidates.
// What was found is kept in the folder of results after each run; --resume leaves out what is there already.
// scripts/search-results.ts makes a page of all tables.
import { fileURLToPath } from 'node:url';
import { lookUp } from '../src/core/registry.ts';
import type { Candidates } from '../src/lab/search/contract.ts';
import type { Embedding } from '../src/lab/search/design-space/embeddings.ts';
import { marksOf } from '../src/lab/search/proof/comparison.ts';
import { playOut } from '../src/lab/search/proof/play-out.ts';
import { improvementsOf, standingOf } from '../src/lab/search/proof/progress.ts';
import { nearestFit, reliability } from '../src/lab/search/proof/signal.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import { withRun } from './result-lines.ts';
import { compareRuns, comparisonTable } from './search-proof/comparison-table.ts';
import { type Contender, contenders } from './search-proof/contenders.ts';
import {
  readSearchResults,
  runsOf,
  type SearchResults,
  type StoredRun,
  writeSearchResults,
} from './search-proof/result-file.ts';
import { surrogateCalibration } from './search-proof/surrogate-calibration.ts';
import { committed, tables } from './search-proof/tables.ts';

/** Candidates nearby that are asked what another one is. */
const NEAREST = 5;

const RESULTS = fileURLToPath(new URL('../results/search', import.meta.url));
const SPACE = committed('proof-space.json');

const { values } = commandLine({
  options: {
    table: { type: 'string', default: 'proof-loss' },
    methods: { type: 'string' },
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    budget: { type: 'string' },
    batch: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    calibration: { type: 'boolean', default: false },
    space: { type: 'string', default: SPACE },
    results: { type: 'string', default: RESULTS },
  },
});
if (values.space !== SPACE && values.results === RESULTS) {
  refuse(
    '--space: what other designs show does not belong into the results: name another folder with --results',
  );
}
const source = lookUp(tables, values.table, 'table');
const methods = values.methods
  ? values.methods.split(',').map((name) => lookUp(contenders, name, 'method'))
  : [...contenders.values()].filter(({ ofPairs }) => !ofPairs || source.ofPairs);
const seeds = wholeNumber('seeds', values.seeds, 1);
const batch = wholeNumber('batch', values.batch, 1);
const first = wholeNumber('from', values.from, 0);
const table = source.open(values.space);
const { outcomes } = table;
const standing = standingOf(outcomes);
const budget =
  values.budget === undefined
    ? Math.floor(source.budget * outcomes.length)
    : wholeNumber('budget', values.budget, 1);
const laidOut = new Map<Embedding | undefined, Candidates>();

/** Each embedding is computed once. */
function candidatesIn(embedding: Embedding | undefined): Candidates {
  const known = laidOut.get(embedding) ?? table.candidates(embedding);
  laidOut.set(embedding, known);
  return known;
}

function search({ kind, embedding, start }: Contender, seed: number): StoredRun {
  const candidates = candidatesIn(embedding);
  const begin = process.cpuUsage();
  const { order, reasons } = playOut(start(candidates, seed), outcomes, { budget, batch });
  const { user, system } = process.cpuUsage(begin);
  const isTested = values.calibration && kind === source.ours;
  return {
    ...{ method: kind, seed, batch, reasons },
    searchS: Number(((user + system) / 1e6).toPrecision(3)),
    ...(isTested && { calibration: surrogateCalibration(candidates, order, outcomes, seed) }),
    improvements: improvementsOf(order, standing).map(({ evaluation, candidate, regret, rank }) => [
      evaluation,
      candidate,
      Number(regret.toPrecision(6)),
      rank,
    ]),
  };
}

/** Three digits, as they are printed. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function begun(): SearchResults {
  const kept = readSearchResults(values.results, source.kind);
  if (kept && kept.budget !== budget) {
    refuse(
      `--budget: found ${budget}, but what is kept has ${kept.budget}: take that or other --results`,
    );
  }
  if (kept && kept.candidates !== outcomes.length) {
    refuse(
      `--space: found ${outcomes.length} candidates, but what is kept has ${kept.candidates}: take other --results`,
    );
  }
  const share = reliability(outcomes);
  return {
    table: source.kind,
    unit: table.unit,
    candidates: outcomes.length,
    budget,
    reliability: share === undefined ? null : rounded(share),
    nearestFit: rounded(nearestFit(candidatesIn(undefined), standing.truth, NEAREST)),
    published: [...(source.published?.(standing.best) ?? [])],
    runs: kept?.runs ?? [],
  };
}

let results = begun();
const known = new Set(results.runs.map((run) => `${run.method} ${run.seed} ${run.batch}`));
for (const method of methods) {
  for (let seed = first; seed < first + seeds; seed++) {
    if (values.resume && known.has(`${method.kind} ${seed} ${batch}`)) continue;
    results = withRun(results, search(method, seed));
    writeSearchResults(values.results, results);
  }
}
const marks = marksOf(results.candidates, budget);
const comparison = compareRuns(runsOf(results), marks, source.ours);
console.log(
  values.json ? JSON.stringify(comparison) : comparisonTable(comparison, marks, 'terminal'),
);
