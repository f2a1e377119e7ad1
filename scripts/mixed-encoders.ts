// Writes results/breathe/mixed-encoders.md: at each size, the best encoder of two unlike layers beside the best of like layers.
//   npx tsx scripts/mixed-encoders.ts
// From the trainings of results/search/proof-space.json. The best of many is better than it will be again, and there are more
// encoders of unlike layers; so the best is chosen by all seeds but one and judged by that one, for each seed in turn.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mean, standardDeviation } from '../src/engine/statistics.ts';
import { workOf } from '../src/lab/profiler/work.ts';
import type { ProofSpace } from '../src/lab/search/proof/proof-space.ts';
import { pointOf } from '../src/lab/search/proof/proof-space.ts';
import { committedSpace } from './breathe-proof/graph-problems.ts';
import { markdownTable } from './markdown-table.ts';

type Design = ProofSpace['designs'][number];

/** Rows of a window, rows of a patch, and channels of ASD, on which they were trained; one row is forecast. */
const SHAPE = { rows: 32, patch: 2, width: 19, horizon: 1 };

const BYTES_OF_A_WEIGHT = 4;

const MEASURES = [
  { title: 'loss', of: ({ loss }: Design) => loss, sign: 1 },
  { title: 'VUS-PR', of: ({ vusPr }: Design) => vusPr, sign: -1 },
] as const;

type Measure = (typeof MEASURES)[number];

const { designs, seeds } = committedSpace();
const encoders = designs.map((design) => ({
  design,
  isMixed: design.layers.some((layer) => layer.join() !== design.layers[0]?.join()),
  weights: workOf({ point: pointOf(design.layers), ...SHAPE }).parameterBytes / BYTES_OF_A_WEIGHT,
}));

/** From the smallest encoder of two layers on, each half an octave more. */
const sizes = [4600, 6500, 9200, 13_000, 18_400, 26_000];

/** The chosen encoder's value with each seed that did not choose it; undefined where none is so small. */
function judged(isMixed: boolean, most: number, { of, sign }: Measure): number[] | undefined {
  const some = encoders
    .filter((one) => one.isMixed === isMixed && one.weights <= most)
    .map(({ design }) => of(design))
    .filter((values) => values.length === seeds.length);
  if (some.length === 0) return undefined;
  return seeds.map((_, left) => {
    const worth = (values: readonly number[]) => sign * mean(values.filter((__, i) => i !== left));
    const best = some.reduce((a, b) => (worth(b) < worth(a) ? b : a));
    return best[left] as number;
  });
}

const cell = (values: readonly number[] | undefined) =>
  values ? `${mean(values).toFixed(4)} ± ${standardDeviation(values).toFixed(4)}` : '-';

const rows = sizes.map((most) => [
  String(most),
  ...[false, true].map((isMixed) =>
    String(encoders.filter((one) => one.isMixed === isMixed && one.weights <= most).length),
  ),
  ...MEASURES.flatMap((measure) =>
    [false, true].map((isMixed) => cell(judged(isMixed, most, measure))),
  ),
]);

const table = markdownTable(
  [
    ...['weights at most', 'alike', 'unlike'],
    ...MEASURES.flatMap(({ title }) => [`${title}, alike`, `${title}, unlike`]),
  ],
  rows,
);

const path = fileURLToPath(new URL('../results/breathe/mixed-encoders.md', import.meta.url));
mkdirSync(dirname(path), { recursive: true });
writeFileSync(
  path,
  `# Encoders of unlike layers

\`npx tsx scripts/mixed-encoders.ts\` writes this page from results/search/proof-space.json: ${designs.length} forecasters,
each trained with ${seeds.length} seeds on ASD omi-2. \`alike\`: one layer, or the same layer twice; \`unlike\`: two layers that differ
in operation, heads or width. At each size, the best of each kind was chosen by all seeds but one and judged by that one: mean and
standard deviation over the seeds. \`alike\` and \`unlike\` alone are how many encoders there are to choose from. Lower loss and higher
VUS-PR are better.

${table}
`,
);
console.log(table);
