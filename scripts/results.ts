// Writes results/README.md and results/vus-pr.svg from results/*.json: npx tsx scripts/results.ts [folder]
// The rows come from `sentigon evaluate`; no figure is written by hand.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readResults } from '../src/app/evaluate/result-files.ts';
import { openingTable } from '../src/lab/evaluation/opening-table.ts';
import { plot } from '../src/lab/evaluation/result-plot.ts';
import type { ResultRow } from '../src/lab/evaluation/result-row.ts';
import { distinct } from '../src/lab/evaluation/result-row.ts';
import { comparison, details, perSeries, standing } from '../src/lab/evaluation/result-table.ts';
import { commandLine } from './command-line.mjs';
import { isHeldOut } from './selection-split.ts';

/** Ours first, chance last, the others as they were run. */
export function ranked(rows: readonly ResultRow[]): readonly ResultRow[] {
  const rankOf = ({ detector }: ResultRow): number =>
    detector === 'gon' ? -1 : detector === 'random' ? 1 : 0;
  return rows.toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** Sets of several channels, over which detectors are averaged. */
export const MULTIVARIATE = ['ASD', 'GON-official', 'SKAB', 'SMD', 'TSB-AD-samples'];

function page(rows: readonly ResultRow[]): string {
  const multivariate = rows.filter(({ dataset }) => MULTIVARIATE.includes(dataset));
  return `# Results

\`npx tsx scripts/results.ts\` writes this page from the rows beside it, which \`sentigon evaluate --seeds 5\` printed. Figures are
means over the series of a set, ± the spread over the seeds. VUS-PR uses windows up to 100 rows. Chance lies a little above the
share of labelled rows; see \`random\`. Names that end in -ahead use rows that a daemon has not seen yet. [The
notes](../src/lab/evaluation/NOTES.md) say how settings were chosen.

${comparison(rows, 'vusPr', 'markdown')}

![VUS-PR of each detector on each data set](vus-pr.svg)

## Over the multivariate sets

The mean over ${MULTIVARIATE.slice(0, -1).join(', ')} and ${MULTIVARIATE.at(-1)} of the means of each, over all series and over the held-out series.

${standing({ 'all series': multivariate, 'held out': multivariate.filter(isHeldOut) }, 'vusPr', 'markdown')}

## Held out

The same without the series on which our settings were chosen: ASD omi-1 to omi-3, SMD 1-6, 2-8 and 3-4,
JumpStarter 0, 6 and 12, host-faults and NAB's realAWSCloudwatch.

Times of the networks on JumpStarter, on host-quiet and on SMD 2-8 and 3-4 were taken beside other work.

${comparison(rows.filter(isHeldOut), 'vusPr', 'markdown')}

${distinct(rows, 'dataset')
  .flatMap((dataset) => [
    `## ${dataset}`,
    details(rows, dataset, 'markdown'),
    openingTable(rows, dataset, 'markdown'),
  ])
  .filter((part) => part !== undefined)
  .join('\n\n')}

## Attribution, Hit@100

${comparison(rows, 'hit100', 'markdown')}

## Attribution, NDCG@100

${comparison(rows, 'ndcg100', 'markdown')}

## Each series

${perSeries(rows, 'markdown')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { positionals } = commandLine({ allowPositionals: true });
  const [folder = 'results'] = positionals;
  const rows = ranked(readResults(folder));
  writeFileSync(join(folder, 'README.md'), page(rows));
  writeFileSync(join(folder, 'vus-pr.svg'), plot(rows, 'vusPr', 'VUS-PR, mean over series'));
}
