// What a compression saves and costs: numbers, time of a row, VUS-PR and scores along the ratio, of MoDeGPT beside what needs no
// training either, and beside a smaller network that was trained from the start. Writes results/efficiency/; what is there
// of the same options is not measured again. Without --series, on all series that no setting was chosen on; the table names
// the others. Rotation keeps whole eights of columns, whatever --round says. Beside them GPTran's pruning down to the numbers of
// MoDeGPT, trained further for as long as MoDeGPT takes.
//   npx tsx scripts/compression-curves.ts [--dataset ASD] [--series omi-1,omi-2] [--networks forecaster,wide] [--seeds 1]
//     [--ratios .1,.2,.3,.5] [--round 16]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { lookUp } from '../src/core/registry.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { mean } from '../src/engine/statistics.ts';
import { numbersIn } from '../src/lab/compression/lean-model.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { vus } from '../src/lab/evaluation/metrics.ts';
import { deploy } from '../src/lab/judging/deployment.ts';
import { timedInTurns } from '../src/lab/profiler/score-time.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { commandLine, commandOf, wholeNumber } from './command-line.mjs';
import { NETWORKS, type Variant, variantsOf } from './compression/variants.ts';
import { markdownTable } from './markdown-table.ts';
import { isHeldOut } from './selection-split.ts';

const { values } = commandLine({
  options: {
    dataset: { type: 'string', default: 'ASD' },
    series: { type: 'string' },
    networks: { type: 'string', default: 'forecaster,wide' },
    seeds: { type: 'string', default: '1' },
    ratios: { type: 'string', default: '.1,.2,.3,.5' },
    round: { type: 'string', default: '16' },
  },
});
const seeds = wholeNumber('seeds', values.seeds, 1);
const ratios = values.ratios.split(',').map(Number);
const command = commandOf('compression-curves.ts');
const round = wholeNumber('round', values.round, 1);
const kernels = await loadKernels();
const { signal } = new AbortController();
const dataset = openDataset(values.dataset, ...dataRoots(undefined));

interface Point {
  readonly series: string;
  readonly seed: number;
  readonly network: string;
  readonly method: string;
  readonly ratio: number;
  /** Processor seconds that it took to make. */
  readonly madeS: number;
  /** Numbers in the tensors, and time of a row, over those of the whole model. */
  readonly numbers: number;
  readonly time: number;
  readonly vusPr: number;
  /** Mean absolute difference of the scores from those of the whole model, over their mean. */
  readonly change: number;
  /** Events in which an alert opened, of all, and alerts that opened outside of them. */
  readonly caught: number;
  readonly events: number;
  readonly falseAlerts: number;
}

async function pointsOf(name: string, series: LabelledSeries, seed: number): Promise<Point[]> {
  const network = lookUp(NETWORKS, name, 'network');
  const made = await variantsOf(network, { series, seed, ratios, round, kernels, signal });
  const whole = (made[0] as Variant).model;
  const times = await timedInTurns(
    made.map(({ model }) => model),
    series.train,
    { kernels, signal, progress: () => undefined },
  );
  const { scores: wholeScores } = deploy(series, whole, kernels);
  return made.map(({ method, ratio, model, madeS }, i) => {
    const { scores, deployed } = deploy(series, model, kernels);
    const { openings = [] } = deployed ?? {};
    return {
      ...{ series: series.id, seed, network: name, method, ratio, madeS },
      numbers: numbersIn(model) / numbersIn(whole),
      time: (times.usPerRow[i] as number) / (times.usPerRow[0] as number),
      vusPr: vus(series.labels, scores, 100)?.pr ?? Number.NaN,
      change:
        mean(scores.map((score, row) => Math.abs(score - (wholeScores[row] as number)))) /
        mean(wholeScores),
      caught: series.segments.filter(({ start, end }) =>
        openings.some((row) => row >= start && row < end),
      ).length,
      events: series.segments.length,
      falseAlerts: openings.filter((row) => series.labels[row] === 0).length,
    };
  });
}

const asked = values.series?.split(',');
const names = dataset.series.filter((name) =>
  asked ? asked.includes(name) : isHeldOut({ dataset: dataset.name, series: name }),
);
const folder = fileURLToPath(new URL('../results/efficiency/', import.meta.url));
mkdirSync(folder, { recursive: true });
const out = `${folder}compression-${dataset.name}-${values.networks.replaceAll(',', '-')}`;
const points: Point[] = measuredBefore();
for (const name of names) {
  const series = dataset.read(name);
  for (const network of values.networks.split(',')) {
    for (let seed = 1; seed <= seeds; seed++) {
      const isDone = points.some(
        (point) => point.series === series.id && point.network === network && point.seed === seed,
      );
      if (isDone) continue;
      points.push(...(await pointsOf(network, series, seed)));
      keep(points);
    }
  }
}

/** Throws where the file holds what other options gave. */
function measuredBefore(): Point[] {
  if (!existsSync(`${out}.json`)) return [];
  const before = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Kept; // our own file
  if (before.round === round && `${before.ratios}` === `${ratios}`) return [...before.points];
  throw new Error(`${out}.json has other ratios or another round: delete it, or give the same`);
}

interface Kept {
  readonly round: number;
  readonly ratios: readonly number[];
  readonly points: readonly Point[];
}

/** After each training, so that a run that is stopped loses only the last. */
function keep(found: readonly Point[]): void {
  const series = [...new Set(found.map((point) => point.series))];
  writeFileSync(
    `${out}.json`,
    `${JSON.stringify({ command, round, ratios, series, points: found }, undefined, 1)}\n`,
  );
  const table = tableOf(found);
  writeFileSync(`${out}.md`, `${headOf(series)}\n\n${table}\n`);
  console.log(`${table}\n`);
}

function headOf(series: readonly string[]): string {
  const chosenOn = series.filter((name) => !isHeldOut({ dataset: dataset.name, series: name }));
  const caution = chosenOn.length > 0 ? ` Settings were chosen on ${chosenOn.join(', ')}.` : '';
  return `\`${command}\`\\\nMeans (of alerts sums) over ${series.join(', ')} and the seeds; numbers and time are shares of the whole model's; the\nchange of scores is their mean absolute difference from the whole model's, as a share of the mean score.${caution}`;
}

/** Means over series and seeds. */
function tableOf(found: readonly Point[]): string {
  const keyOf = ({ network, method, ratio }: Point) => `${network} ${method} ${ratio}`;
  return markdownTable(
    [
      ...['network', 'method', 'ratio', 'runs', 'numbers', 'time of a row', 'made in s', 'VUS-PR'],
      ...['change of scores', 'caught', 'false'],
    ],
    [...new Set(found.map(keyOf))].map((key) => {
      const own = found.filter((point) => keyOf(point) === key);
      const means = (['numbers', 'time', 'madeS', 'vusPr', 'change'] as const).map((name) =>
        mean(own.map((point) => point[name])).toFixed(3),
      );
      const sum = (name: 'caught' | 'events' | 'falseAlerts') =>
        own.reduce((all, point) => all + point[name], 0);
      const alerts = [`${sum('caught')}/${sum('events')}`, String(sum('falseAlerts'))];
      return [...key.split(' '), String(own.length), ...means, ...alerts];
    }),
  );
}
