// The accelerator that a search chooses for the forecaster as it ships, beside the best one of the small space, which is listed whole.
// Writes choice.md and choice.json, which is kept after each run. Every figure is simulated.
//   npx tsx scripts/accelerator-choice.ts [--seeds 20] [--budget 200] [--methods NAME,NAME] [--resume]
//     [--out results/accelerators]

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  acceleratorCandidates,
  legalAccelerators,
  SCALED_BY,
} from '../src/app/search/device-candidates.ts';
import { methods } from '../src/app/search/methods.ts';
import { acceleratorSpace } from '../src/app/simulate/inputs.ts';
import { lookUp, parseOptions } from '../src/core/registry.ts';
import { encoderBody, forecastNetwork } from '../src/detectors/networks/forecast.ts';
import { DEFAULT_POINT } from '../src/detectors/networks/training/options.ts';
import { createRandom } from '../src/engine/random.ts';
import { median } from '../src/engine/statistics.ts';
import type { Search } from '../src/lab/search/contract.ts';
import { playOut } from '../src/lab/search/proof/play-out.ts';
import type { Work } from '../src/lab/simulator/lowering/graph.ts';
import { lower } from '../src/lab/simulator/lowering/index.ts';
import {
  type Price,
  priceOf,
  publishedWeights,
  scaleFrom,
  smoothFunctionOf,
  weightedPrice,
} from '../src/lab/simulator/price.ts';
import { USUAL_RULES } from '../src/lab/simulator/simulate.ts';
import { spaceSize } from '../src/lab/simulator/space.ts';
import { NO_ZEROS, Zeros } from '../src/lab/simulator/zeros.ts';
import { commandLine, wholeNumber } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';
import { readResults, writeResults } from './result-lines.ts';

/** Of the forecaster's own options; a recording of eight channels. */
const [PATCH, ROWS, WIDTH] = [4, 32, 8];
/** Share of the optimum's cost within which a choice counts as found. */
const NEAR = 0.01;
/** Draws the accelerators that the scale of the costs comes from. */
const SCALE_SEED = 1;

const { values } = commandLine({
  options: {
    seeds: { type: 'string', default: '20' },
    budget: { type: 'string', default: '200' },
    methods: { type: 'string', default: 'random,nsga2,tpe,boshnas' },
    resume: { type: 'boolean', default: false },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../results/accelerators', import.meta.url)),
    },
  },
});
const [seeds, budget] = [
  wholeNumber('seeds', values.seeds, 1),
  wholeNumber('budget', values.budget, 1),
];

const results = z.strictObject({
  simulated: z.literal(true),
  space: z.number(),
  legal: z.number(),
  /** Processor seconds of the simulation of all of them. */
  enumeratedS: z.number(),
  best: z.strictObject({ accelerator: z.unknown(), price: z.unknown(), cost: z.number() }),
  /** Accelerators whose cost is within a hundredth of the least. */
  near: z.number(),
  runs: z.array(
    z.strictObject({
      ...{ method: z.string(), seed: z.number() },
      /** Cost of the choice over the least cost, less 1. */
      excess: z.number(),
      /** Evaluations until a choice within a hundredth; null = none in the budget. */
      nearAfter: z.number().nullable(),
      searchS: z.number(),
    }),
  ),
});

function workOf(windows: number): Work {
  const body = encoderBody({ point: DEFAULT_POINT, patch: PATCH });
  const { tape, output } = forecastNetwork(body, { rows: ROWS, horizon: 1 }, WIDTH, windows);
  return lower({ tape, outputs: [output] });
}

const space = acceleratorSpace('small');
const works = new Map(space.choices.batch.map((windows) => [windows, workOf(windows)]));
const smooth = [...works.values()].some((work) => smoothFunctionOf(work) !== undefined);
const needs = { smooth, comparesEnergy: true, training: false };
const candidates = acceleratorCandidates(space, legalAccelerators(space, needs, SCALE_SEED));
const options = { mode: 'inference', ...USUAL_RULES, zeros: new Zeros(NO_ZEROS) } as const;

const begin = process.cpuUsage();
const prices = candidates.numbers.map((_, candidate) => {
  const accelerator = candidates.at(candidate);
  const work = works.get(accelerator.batch) as Work;
  return priceOf(work, accelerator, accelerator.batch, options);
});
const enumeratedS = secondsSince(begin);
const random = createRandom(SCALE_SEED);
const scale = scaleFrom(
  Array.from({ length: SCALED_BY }, () => prices[random.integer(prices.length)] as Price),
);
const costs = prices.map((price) => weightedPrice(price, scale, publishedWeights(space)));
const least = Math.min(...costs);
const best = costs.indexOf(least);
const outcomes = costs.map((cost, candidate) => ({ candidate, values: [-Math.log(cost)] }));

const file = join(values.out, 'choice.json');
const kept = values.resume ? readResults(file, results, 'choices of accelerators') : undefined;
const runs = [...(kept?.runs ?? [])];

/** After the best of all nothing can change. */
function untilBest(search: Search): Search {
  let isFound = false;
  return {
    propose: (count) => search.propose(count),
    tell(outcome) {
      isFound ||= outcome.candidate === best;
      search.tell(outcome);
    },
    get finished() {
      return isFound || search.finished;
    },
  };
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return Number(((user + system) / 1e6).toPrecision(3));
}

for (const kind of values.methods.split(',')) {
  const method = lookUp(methods, kind, 'method');
  const given = parseOptions(method.options, {}, `search method ${kind}`);
  for (let seed = 1; seed <= seeds; seed += 1) {
    if (runs.some((one) => one.method === kind && one.seed === seed)) continue;
    const start = process.cpuUsage();
    const search = untilBest(method.start(candidates, given, seed));
    const { order } = playOut(search, outcomes, { budget, batch: 1 });
    const found = order.map((candidate) => (costs[candidate] as number) / least - 1);
    const near = found.findIndex((excess) => excess <= NEAR);
    runs.push({
      ...{ method: kind, seed, excess: Number(Math.min(...found).toPrecision(4)) },
      ...{ nearAfter: near < 0 ? null : near + 1, searchS: secondsSince(start) },
    });
    write();
  }
}
write();

function write(): void {
  const near = costs.filter((cost) => cost / least - 1 <= NEAR).length;
  const all: z.infer<typeof results> = {
    ...{ simulated: true, space: spaceSize(space), legal: candidates.count, enumeratedS, near },
    best: { accelerator: candidates.at(best), price: prices[best], cost: least },
    runs,
  };
  writeResults(file, all);
  writeFileSync(join(values.out, 'choice.md'), pageOf(all));
}

function pageOf({
  space: size,
  legal,
  near,
  best: { accelerator, price },
}: z.infer<typeof results>) {
  const whole = (n: number): string => n.toLocaleString('en');
  const rows = [...new Set(runs.map(({ method }) => method))].map((method) => {
    const own = runs.filter((one) => one.method === method);
    const found = own.filter(({ nearAfter }) => nearAfter !== null);
    const after = own.map(({ nearAfter }) => nearAfter ?? budget + 1);
    const worst = Math.max(...own.map(({ excess }) => excess));
    return [
      ...[method, `${found.length} of ${own.length}`],
      found.length > own.length / 2 ? String(Math.round(median(after))) : `over ${budget}`,
      ...[`${(100 * median(own.map(({ excess }) => excess))).toFixed(2)} %`],
      `${(100 * worst).toFixed(2)} %`,
    ];
  });
  const head = [
    'method',
    'within 1 %',
    'evaluations until then, median',
    'excess, median',
    'worst',
  ];
  return `# The accelerator for the shipped forecaster

\`npx tsx scripts/accelerator-choice.ts\` writes this page and \`choice.json\`. Every figure is simulated.

The small space has ${whole(size)} accelerators. ${whole(legal)} of them can run the forecaster, whose GELU needs a lane for it, and have a memory
whose standby power is published, which energy is compared by. All of them were simulated. The cost is the weighted mean of latency (.1), dynamic
energy (.2), leakage (.1) and area (.1), each in parts of the 95th percentile of ${SCALED_BY} accelerators drawn at random; a window of a batch
counts its share of time and energy. ${near} of all are within a hundredth of the least cost. A search evaluates ${budget} of them:

${markdownTable(head, rows)}

The best of all:

\`\`\`json
${JSON.stringify({ accelerator, price }, undefined, 1)}
\`\`\`
`;
}
