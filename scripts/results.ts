// Writes results/README.md and results/vus-pr.svg from results/*.json: npx tsx scripts/results.ts [folder]
// The rows come from `sentigon evaluate`; no figure is written by hand.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from '../src/app/evaluate/result-files.ts';
import { plot } from '../src/lab/evaluation/result-plot.ts';
import { comparison, details, perSeries } from '../src/lab/evaluation/result-table.ts';
import { distinct } from '../src/lab/evaluation/summary.ts';

const folder = process.argv[2] ?? 'results';
const rows = readResults(folder);
const ranked = rows.toSorted((a, b) => rankOf(a.detector) - rankOf(b.detector));

const page = `# Results

Written by \`npx tsx scripts/results.ts\` from the rows beside it, which \`sentigon evaluate --seeds 5\` printed. Means over
series, ± the spread between seeds. VUS-PR with windows up to 100 rows; chance is a little above the share of labelled
rows, see \`random\`. Names that end in -ahead use rows that a daemon has not seen yet.

${comparison(ranked, 'vusPr', 'markdown')}

![VUS-PR of each detector on each data set](vus-pr.svg)

${distinct(ranked, 'dataset')
  .map((dataset) => `## ${dataset}\n\n${details(ranked, dataset, 'markdown')}`)
  .join('\n\n')}

## Attribution, Hit@100

${comparison(ranked, 'hit100', 'markdown')}

## Each series

${perSeries(ranked, 'markdown')}
`;
writeFileSync(join(folder, 'README.md'), page);
writeFileSync(join(folder, 'vus-pr.svg'), plot(ranked, 'vusPr', 'VUS-PR, mean over series'));

/** Ours first, chance last, the others as they were run. */
function rankOf(detector: string): number {
  return detector === 'gon' ? -1 : detector === 'random' ? 1 : 0;
}
