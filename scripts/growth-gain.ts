// What a growth gains from a network of the proof space: its rounds, and the network it comes to beside the start trained
// as long. Cost is multiplications of a window. Writes growth.json and PROFILER.md into the folder of --out.
//   npx tsx scripts/growth-gain.ts [--design 32:attention-scaled+attention-scaled|32:convolution-9] [--rounds 10]
//     [--options '{"transfer":"projected"}'] [--seed 1] [--out results/search]
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { relativesOn } from '../src/lab/candidates/relatives.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { designKey } from '../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../src/lab/search/design-space/space.ts';
import type { GrowthNode, GrowthTree } from '../src/lab/search/gptran/contract.ts';
import { grow, startTree } from '../src/lab/search/gptran/grow.ts';
import { growthOptions } from '../src/lab/search/gptran/options.ts';
import { resultOf, scoreOf } from '../src/lab/search/gptran/ways.ts';
import type { DesignPoint } from '../src/models/design-point.ts';
import { encoderMacs } from '../src/models/encoder.ts';
import { commandLine, refuse, wholeNumber } from './command-line.mjs';
import type { GrowthResults } from './profiler/page/growth.ts';
import { writeResults } from './profiler/page.ts';

/** Those of scripts/proof-space.ts, but that the start is trained to its end. */
const SETTINGS = { rows: 32, patch: 2, steps: 3000, batch: 32, learningRate: 4e-3 };

const { values } = commandLine({
  options: {
    design: {
      type: 'string',
      default: '32:attention-scaled+attention-scaled|32:convolution-9',
    },
    rounds: { type: 'string', default: '10' },
    options: { type: 'string', default: '{}' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: fileURLToPath(new URL('../results/search', import.meta.url)) },
  },
});
const seed = wholeNumber('seed', values.seed, 0);
const rounds = wholeNumber('rounds', values.rounds, 1);
const options = growthOptions.parse({ ...JSON.parse(values.options), rounds });
const { train: series, intervalMs } = openDataset('ASD', ...dataRoots(undefined)).read('omi-2');
const train = relativesOn({ series, intervalMs }, SETTINGS, await loadKernels());
const { signal } = new AbortController();
const shape = { rows: SETTINGS.rows, patch: SETTINGS.patch, width: series.channels.length };
const rig = {
  train,
  cost: (point: DesignPoint) => encoderMacs(point, shape),
  patches: SETTINGS.rows / SETTINGS.patch,
};

function designNamed(name: string): DesignPoint {
  // All feed-forward layers of the proof space are 32 wide.
  const key = name.replaceAll('|', ':32|').concat(':32');
  const found = enumerate(readSpace('proof')).find((point) => designKey(point) === key);
  return found ?? refuse(`--design: found '${name}', expected one such as the default`);
}

function told(tree: GrowthTree, node: GrowthNode): string {
  const { weights, of } = node.trained?.transferred ?? { weights: 0, of: 1 };
  const inherited = `${((100 * weights) / of).toFixed(0)} % inherited`;
  const loss = node.trained?.loss.toFixed(4) ?? 'diverged';
  return `    ${node.id}: ${node.change}, ${inherited}: loss ${loss}, cost ${node.cost}, score ${scoreOf(tree, node).toFixed(3)}`;
}

const begun = await train({ point: designNamed(values.design) }, { seed, signal });
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
console.log(`${tree.ended}; ${chosen.id}, ${designKey(chosen.point)}: ${reason}`);

const summaryOf = ({ point, cost, trained }: GrowthNode) => ({
  ...{ name: designKey(point), loss: trained?.loss ?? Number.NaN, cost },
});
writeResults(values.out, 'growth.json', {
  command: `npx tsx scripts/growth-gain.ts --design '${values.design}' --rounds ${rounds} --options '${values.options}' --seed ${seed}`,
  start: summaryOf(root),
  controlLoss: tree.control?.loss ?? Number.NaN,
  ...{ chosen: summaryOf(chosen), improved, reason },
  rounds: tree.rounds.map(({ mode, outcome }) => ({ mode, outcome })),
} satisfies GrowthResults);
