// What a growth gains from a network of a proof space: its rounds, and the network it comes to beside the start trained
// as long. Cost is multiplications of a window. Writes growth.json or growth-cnn.json, and PROFILER.md, into the folder of --out.
//   npx tsx scripts/growth-gain.ts [--family encoder|cnn] [--design '16.silu:convolution-9(0)+dilated(1)>1,2;concatenate'] [--rounds 10]
//     [--options '{"transfer":"projected"}'] [--seed 1] [--out results/search]
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { lookUp } from '../src/core/registry.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { anyRelativesOn } from '../src/lab/candidates/relatives.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { macsOf } from '../src/lab/profiler/work.ts';
import { families } from '../src/lab/search/families/index.ts';
import type { GrowthNode, GrowthTree } from '../src/lab/search/gptran/contract.ts';
import { growthOf } from '../src/lab/search/gptran/families.ts';
import { grow, startTree } from '../src/lab/search/gptran/grow.ts';
import { resultOf, scoreOf } from '../src/lab/search/gptran/ways.ts';
import type { NetworkDesign } from '../src/models/network-family.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import type { GrowthResults } from './profiler/page/growth.ts';
import { writeResults } from './profiler/page.ts';

/** Those of scripts/proof-space.ts, but that the start is trained to its end. */
const SETTINGS = { steps: 3000, batch: 32, learningRate: 4e-3 };

/** File of the results, and where a growth begins unless something else is said. */
const GROWN: Readonly<Record<string, { readonly file: string; readonly design: string }>> = {
  encoder: {
    file: 'growth.json',
    design: '32:attention-scaled+attention-scaled:32|32:convolution-9:32',
  },
  cnn: { file: 'growth-cnn.json', design: '16.silu:convolution-9(0)+dilated(1)>1,2;concatenate' },
};

const { values } = commandLine({
  options: {
    family: { type: 'string', default: 'encoder' },
    design: { type: 'string' },
    rounds: { type: 'string', default: '10' },
    options: { type: 'string', default: '{}' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const { file, design } =
  GROWN[values.family] ?? refuse(`--family ${values.family}: choose encoder or cnn`);
const family = lookUp(families, values.family, 'family');
const space = family.readSpace('proof');
const seed = wholeNumber('seed', values.seed, 0);
const rounds = wholeNumber('rounds', values.rounds, 1);
const point = designNamed(values.design ?? design);
const growth = growthOf(point);
const options = growth.options.parse({ ...JSON.parse(values.options), rounds });
const { train: series, intervalMs } = openDataset('ASD', ...dataRoots(undefined)).read('omi-2');
const shared = { ...SETTINGS, ...family.trainingOf(space) };
const train = anyRelativesOn(values.family, { series, intervalMs }, shared, await loadKernels());
const { signal } = new AbortController();
const { rows, patch } = space;
const shape = { rows, patch, width: series.channels.length, horizon: 1 };
const rig = {
  ...{ family: growth, train, patches: rows / patch },
  cost: (one: NetworkDesign) => macsOf({ point: one, ...shape }),
};

function designNamed(name: string): NetworkDesign {
  const found = family.enumerate(space).find((one) => family.keyOf(one) === name);
  return found ?? refuse(`--design: found '${name}', expected one such as the default, ${design}`);
}

function told(tree: GrowthTree, node: GrowthNode): string {
  const { weights, of } = node.trained?.transferred ?? { weights: 0, of: 1 };
  const inherited = `${((100 * weights) / of).toFixed(0)} % inherited`;
  const loss = node.trained?.loss.toFixed(4) ?? 'diverged';
  return `    ${node.id}: ${node.change}, ${inherited}: loss ${loss}, cost ${node.cost}, score ${scoreOf(tree, node).toFixed(3)}`;
}

const begun = await train({ point }, { seed, signal });
const start = await startTree(begun, rig, options, { seed, signal });
const [root] = start.nodes as [GrowthNode];
console.log(`start: loss ${root.trained?.loss.toFixed(4)}, cost ${root.cost}`);
const tree = await grow(start, rig, {
  signal,
  onRound(grown) {
    const round = grown.rounds.at(-1);
    if (!round) return;
    console.log(`${round.mode} from ${round.parent}: ${round.outcome}`);
    for (const id of round.children) console.log(told(grown, grown.nodes[id] as GrowthNode));
  },
});
const { chosen, improved, reason } = resultOf(tree);
console.log(`the start trained as long: loss ${tree.control?.loss.toFixed(4)}`);
console.log(`${tree.ended}; ${chosen.id}, ${family.keyOf(chosen.point)}: ${reason}`);

const summaryOf = ({ point: of, cost, trained }: GrowthNode) => ({
  ...{ name: family.keyOf(of), loss: trained?.loss ?? Number.NaN, cost },
});
writeResults(values.out, file, {
  command: `npx tsx scripts/growth-gain.ts${values.family === 'encoder' ? '' : ` --family ${values.family}`} --design '${values.design ?? design}' --rounds ${rounds} --options '${values.options}' --seed ${seed}`,
  start: summaryOf(root),
  controlLoss: tree.control?.loss ?? Number.NaN,
  ...{ chosen: summaryOf(chosen), improved, reason },
  rounds: tree.rounds.map(({ mode, outcome }) => ({ mode, outcome })),
} satisfies GrowthResults);
