// Judges settings of a detector on the selection split, the only series that settings may be chosen on:
// those of selection-split.ts. See lab/evaluation/NOTES.md for what came of it.
//   npx tsx scripts/gon-selection.ts [--kind gon] [--options '{"steps":800}'] [--seeds 1] [--only ASD]
import { parseArgs } from 'node:util';
import { dataRoots } from '../src/app/cli/data-sets.ts';
import { loadKernels } from '../src/engine/kernels/load.ts';
import { openDataset } from '../src/lab/datasets/dataset.ts';
import { vus } from '../src/lab/evaluation/vus.ts';
import { perform } from '../src/lab/judging/judge.ts';
import type { LabelledSeries } from '../src/lab/series/labelled-series.ts';
import { SELECTION } from './selection-split.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'gon' },
    options: { type: 'string', default: '{}' },
    seeds: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const kernels = await loadKernels();
const contestant = { name: values.kind, kind: values.kind, options: JSON.parse(values.options) };
const signal = new AbortController().signal;

async function judge(series: LabelledSeries): Promise<number | undefined> {
  let sum = 0;
  const notes: string[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const found = await perform(contestant as never, series, { kernels, seed, signal });
    const area = vus(series.labels, found.scores)?.pr;
    if (area === undefined) return undefined;
    sum += area;
    const { deployed } = found;
    const hit = series.segments.filter(({ start, end }) =>
      deployed?.anomalous.subarray(start, end).some((flag) => flag > 0),
    ).length;
    notes.push(
      `${area.toFixed(3)} (${found.trainS?.toFixed(0)} s, ${found.usPerRow?.toFixed(0)} us/row, ` +
        `${deployed?.alerts.length} alerts, ${hit}/${series.segments.length} hit)`,
    );
  }
  console.log(`  ${series.id.padEnd(52)} ${notes.join(' ')}`);
  return sum / Number(values.seeds);
}

for (const [name, selected] of SELECTION) {
  if (values.only && !values.only.split(',').includes(name)) continue;
  const dataset = openDataset(name, ...dataRoots(undefined));
  const areas: number[] = [];
  for (const series of dataset.series.filter(selected)) {
    try {
      const area = await judge(dataset.read(series));
      if (area !== undefined) areas.push(area);
    } catch (cause) {
      console.log(`  ${series}: ${(cause as Error).message}`);
    }
  }
  const mean = areas.reduce((a, b) => a + b, 0) / areas.length;
  console.log(`${name.padEnd(12)} VUS-PR ${mean.toFixed(3)} over ${areas.length} series`);
}
