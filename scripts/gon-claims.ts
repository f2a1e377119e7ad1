// What the paper of the GON claims (Tuli et al. 2021, "Generative optimization networks for memory efficient data generation":
// a higher F1, less memory and hardly more training than others), beside our networks: writes results/efficiency/gon-claims.md
// from the rows that `sentigon evaluate` left in results/. It measures nothing itself.
//   npx tsx scripts/gon-claims.ts
import { writeFileSync } from 'node:fs';
import { readResults } from '../src/app/evaluate/result-files.ts';
import { mean } from '../src/engine/statistics.ts';
import { distinct, type Metric, type ResultRow } from '../src/lab/evaluation/result-row.ts';
import { commandLine } from './command-line.mjs';
import { markdownTable } from './markdown-table.ts';
import { MULTIVARIATE } from './results.ts';

const DETECTORS = ['gon', 'forecaster', 'cnn', 'encoder'];
const BYTES_PER_KB = 1000;

interface Column {
  readonly title: string;
  readonly metric: Metric;
  readonly digits: number;
  readonly scale?: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'F1 at the best level', metric: 'oracleF1', digits: 3 },
  { title: 'F1 of its alerts', metric: 'f1Deployed', digits: 3 },
  { title: 'VUS-PR', metric: 'vusPr', digits: 3 },
  { title: 'event recall', metric: 'eventRecall', digits: 2 },
  { title: 'false alarms a day', metric: 'falseAlarmsPerDay', digits: 2 },
  { title: 'model kB', metric: 'modelBytes', digits: 0, scale: BYTES_PER_KB },
  { title: 'peak MB of its process', metric: 'rssMb', digits: 0 },
  { title: 'training s', metric: 'trainS', digits: 1 },
  { title: 'us a row', metric: 'usPerRow', digits: 0 },
];

/** The mean over data sets of the means over all series and seeds of each. */
function overSets(rows: readonly ResultRow[], metric: Metric): number {
  const means = distinct(rows, 'dataset').map((dataset) =>
    mean(rows.filter((row) => row.dataset === dataset).flatMap((row) => row[metric] ?? [])),
  );
  return mean(means);
}

commandLine({ options: {} });
const rows = readResults('results').filter(({ dataset }) => MULTIVARIATE.includes(dataset));
const lines = DETECTORS.map((detector) => {
  const own = rows.filter((row) => row.detector === detector);
  const figures = COLUMNS.map(({ metric, digits, scale = 1 }) =>
    (overSets(own, metric) / scale).toFixed(digits),
  );
  return [detector, ...figures];
});
writeFileSync(
  'results/efficiency/gon-claims.md',
  `\`npx tsx scripts/gon-claims.ts\`, from the rows of \`sentigon evaluate --seeds 5\`\\
Means over ${MULTIVARIATE.join(', ')}, of the means over the series and seeds of each. Seconds are of the processor; the process
is that which trains and then scores, Node included.

${markdownTable(['detector', ...COLUMNS.map(({ title }) => title)], lines)}
`,
);
