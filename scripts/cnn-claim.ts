// CODEBench's claim in this project's terms: the pair of a convolutional network and an accelerator that BOSHCODE finds in the
// table of cnn-pairs, beside the network that is made by hand on the accelerator of the same space that suits it best. Networks
// are trained alike with three seeds, costs are simulated. Writes cnn-claim.json and cnn-claim.md into the folder of --out.
//   npx tsx scripts/cnn-claim.ts [--results results/search] [--out results/accelerators]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsText } from '../src/app/accelerate/accelerate-text.ts';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { duration } from '../src/app/search/costs.ts';
import { joules } from '../src/app/simulate/simulation-text.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { mean } from '../src/engine/statistics.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { cnns } from '../src/lab/search/families/cnn.ts';
import {
  type Price,
  publishedWeights,
  scaleFrom,
  weightedPrice,
} from '../src/lab/simulator/price.ts';
import { acceleratorAt } from '../src/lab/simulator/space.ts';
import { commandLine, refuse } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';
import {
  PROOF_ACCELERATORS,
  pricesOfNetwork,
  simulatedPrices,
} from './search-proof/accelerator-pairs-table.ts';
import { proofFamilies, proofNetworks, trainProof } from './search-proof/proof-training.ts';
import { readSearchResults } from './search-proof/result-file.ts';
import { readProof } from './search-proof/tables.ts';

const SEEDS = [1, 2, 3];
const TABLE = 'cnn-pairs';

const here = (folder: string): string => fileURLToPath(new URL(`../${folder}`, import.meta.url));
const { values } = commandLine({
  options: {
    results: { type: 'string', default: here('results/search') },
    out: { type: 'string', default: here('results/accelerators') },
  },
});
const { runs } =
  readSearchResults(values.results, TABLE) ?? refuse(`--results: no ${TABLE}.json is there`);
const searches = runs.filter(({ method }) => method === 'boshcode');
if (searches.length === 0) refuse(`--results: no run of boshcode is in ${TABLE}.json`);

const series = openDataset('ASD', ...dataRoots(undefined)).read('omi-2');
const networks = proofNetworks('cnn', series.train.channels.length);
const trained = readProof('cnn');
const prices = simulatedPrices('cnn', 'inference');
// Of all pairs, as the table of the searches has it (search-proof/tables.ts): the accelerator of the hand-made network is chosen by
// the same costs.
const scale = scaleFrom(prices.flat());
const weights = publishedWeights(PROOF_ACCELERATORS.cnn);

interface ClaimRow {
  readonly what: string;
  /** Its number among the 64 of the table. */
  readonly accelerator: number;
  /** By seed of the training. */
  readonly vusPr: readonly number[];
  readonly loss: readonly number[];
  readonly price: Price;
  /** Joule seconds: all energy of a window times its latency. */
  readonly edpJs: number;
}

function rowOf(
  { what, accelerator }: Pick<ClaimRow, 'what' | 'accelerator'>,
  { vusPr, loss }: Pick<ClaimRow, 'vusPr' | 'loss'>,
  price: Price,
): ClaimRow {
  const edpJs = (price.dynamicJ + price.leakageJ) * price.latencyS;
  return { what, accelerator, vusPr, loss, price, edpJs };
}

/** Each pair that a search ended with, and the seeds of the searches. */
function foundRows(): readonly ClaimRow[] {
  const seeds = new Map<number, number[]>();
  for (const { seed, improvements } of searches) {
    const [, candidate = 0] = improvements.at(-1) ?? [];
    seeds.set(candidate, [...(seeds.get(candidate) ?? []), seed]);
  }
  return [...seeds]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([candidate, by]) => {
      const count = prices[0]?.length ?? 1;
      const [design, accelerator] = [Math.floor(candidate / count), candidate % count];
      const point = proofFamilies.cnn.designs()[design]?.written['key'];
      const what = `\`${point}\`, found by ${by.length} of ${searches.length} searches`;
      return rowOf(
        { what, accelerator },
        trained[design] ?? refuse('proof-cnn.json: a network is missing'),
        (prices[design] ?? [])[accelerator] as Price,
      );
    });
}

/** On each accelerator the accuracy is the same, so that the costs decide. */
async function handMadeRow(): Promise<ClaimRow> {
  const point = cnns.handMade;
  const [shape] = networks;
  const all = pricesOfNetwork({ ...(shape ?? refuse('no networks')), point }, 'cnn', 'inference');
  const cost = (price: Price): number => weightedPrice(price, scale, weights);
  const best = all.reduce(
    (least, price, i) => (cost(price) < cost(all[least] as Price) ? i : least),
    0,
  );
  const kernels = await loadKernels();
  const { signal } = new AbortController();
  const found = { vusPr: [] as number[], loss: [] as number[] };
  for (const seed of SEEDS) {
    const context = {
      kernels,
      signal,
      seed: seed * proofFamilies.cnn.seedStride + networks.length,
    };
    const { vusPr, loss } = await trainProof(proofFamilies.cnn, point, series, context);
    found.vusPr.push(vusPr);
    found.loss.push(loss);
  }
  return rowOf({ what: 'the hand-made network', accelerator: best }, found, all[best] as Price);
}

function cells({ what, accelerator, vusPr, loss, price, edpJs }: ClaimRow): string[] {
  const { latencyS, dynamicJ, leakageJ, areaMm2 } = price;
  return [
    ...[
      what,
      String(accelerator),
      `${mean(vusPr).toFixed(3)} (${vusPr.map((one) => one.toFixed(3)).join(', ')})`,
    ],
    ...[mean(loss).toFixed(4), duration(latencyS), joules(dynamicJ), joules(leakageJ)],
    ...[`${areaMm2.toPrecision(3)} mm2`, `${edpJs.toExponential(2)} Js`],
  ];
}

/** Of the first pair, in parts of the hand-made one. */
function shares(found: ClaimRow, hand: ClaimRow): string {
  const share = (of: (row: ClaimRow) => number): string => (of(found) / of(hand)).toPrecision(2);
  const difference = mean(found.vusPr) - mean(hand.vusPr);
  return [
    `The pair that most searches found takes ${share((row) => row.price.latencyS)} of the time of the hand-made network,`,
    `${share((row) => row.price.dynamicJ)} of the energy of its work, ${share((row) => row.price.leakageJ)} of the leakage,`,
    `${share((row) => row.price.areaMm2)} of the area and ${share((row) => row.edpJs)} of the energy-delay product;`,
    `VUS-PR is ${difference < 0 ? '-' : '+'}${Math.abs(difference).toFixed(3)}.`,
  ].join(' ');
}

const found = foundRows();
const hand = await handMadeRow();
const rows = [...found, hand];
const accelerators = [...new Set(rows.map(({ accelerator }) => accelerator))]
  .sort((one, other) => one - other)
  .map((number) => ({ number, accelerator: acceleratorAt(PROOF_ACCELERATORS.cnn, number) }));
const command = 'npx tsx scripts/cnn-claim.ts';
writeFileSync(
  join(values.out, 'cnn-claim.json'),
  `${JSON.stringify({ command, searches: searches.length, rows, accelerators }, undefined, 1)}\n`,
);
writeFileSync(
  join(values.out, 'cnn-claim.md'),
  `# A convolutional network and its accelerator, beside what is made by hand

\`${command}\` writes this page from the searches of BOSHCODE on \`${TABLE}\` (../search/README.md): 1,200 networks on 64 accelerators of
AccelBench. All networks are trained alike for ${proofFamilies.cnn.settings['steps']} steps on ASD omi-2 with ${SEEDS.length} seeds, the hand-made one as well; the searches saw the forecast loss and
the costs, not VUS-PR. The hand-made network is that of the detector \`cnn\` without a search, on the accelerator of the same 64 that suits it best
by CODEBench's weights, each cost in parts of the scale that the searches had. Costs are simulated, of a window; EDP is the energy of work and
leakage times the latency.

${markdownTable(
  [
    'network',
    'accelerator',
    'VUS-PR (by seed)',
    'loss',
    'latency',
    'energy',
    'leakage',
    'area',
    'EDP',
  ],
  rows.map(cells),
)}

${shares(found[0] ?? refuse('no pair was found'), hand)}

The accelerators, which \`cnn-claim.json\` has in the form of \`sentigon simulate --accelerator FILE\`:

${accelerators.map(({ number, accelerator }) => `- ${number}: ${partsText(accelerator)}`).join('\n')}
`,
);
console.log(shares(found[0] ?? refuse('no pair was found'), hand));
