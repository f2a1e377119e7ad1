// The public sets themselves, against the counts their owners give or that were taken by another program.
import { expect, it } from 'vitest';
import { openDataset } from '../../../src/lab/datasets/dataset.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { countMarked, segmentsOf } from '../../../src/lab/series/segments.ts';
import { describeWithData } from '../../public-data.ts';

/** Rows to train, rows to test, channels, labelled rows, runs of labels. */
function countsOf({ train, test, labels }: LabelledSeries): readonly number[] {
  return [
    train.timeMs.length,
    test.timeMs.length,
    test.channels.length,
    countMarked(labels),
    segmentsOf(labels).length,
  ];
}

/** Labelled rows that no explanation covers, and explained rows without a label. */
function unexplained({ labels, segments }: LabelledSeries): readonly number[] {
  const covered = new Uint8Array(labels.length);
  for (const { start, end } of segments) covered.fill(1, start, end);
  return [
    labels.filter((label, row) => label !== 0 && covered[row] === 0).length,
    labels.filter((label, row) => label === 0 && covered[row] !== 0).length,
  ];
}

describeWithData('SMD', 'SMD', (folder) => {
  it.each([
    ['machine-1-6', [23_688, 23_689, 38, 3708, 30]],
    ['machine-2-1', [23_693, 23_694, 38, 1170, 13]],
    ['machine-3-3', [23_703, 23_703, 38, 632, 26]],
  ])('%s has the rows, labels and explanations of its owners', (name, counts) => {
    const dataset = openDataset(folder, '/');
    if (!dataset.series.includes(name)) return;
    const series = dataset.read(name);
    expect(countsOf(series)).toEqual(counts);
    // Half-open rows explain the labels exactly; read as inclusive, each segment would reach one row too far.
    expect(unexplained(series)).toEqual([0, 0]);
  });
});

describeWithData('JumpStarter', 'JumpStarter', (folder) => {
  it.each([
    ['service-0', [343, 4]],
    ['service-15', [74, 1]],
  ])('is a folder of recordings: %s has the labels its page gives', (name, counts) => {
    const dataset = openDataset(folder, '/');
    expect(dataset.layout).toBe('recording');
    expect(countsOf(dataset.read(name)).slice(3)).toEqual(counts);
  });
});

describeWithData('ASD', 'ASD', (folder) => {
  it.each([
    ['omi-1', [8640, 4320, 19, 441, 7]],
    ['omi-2', [8640, 4320, 19, 55, 4]],
    ['omi-6', [8640, 4320, 19, 198, 10]],
  ])('%s has the rows, labels and explanations of its owners', (name, counts) => {
    const series = openDataset(folder, '/').read(name);
    expect(countsOf(series)).toEqual(counts);
    expect(unexplained(series)).toEqual([0, 0]);
    expect(series.segments.every(({ kind }) => kind !== undefined)).toBe(true);
  });
});

describeWithData('SKAB', 'SKAB', (folder) => {
  it('has eight channels and one or more anomalous periods in every experiment', () => {
    const dataset = openDataset(folder, '/');
    for (const name of dataset.series) {
      const [train, , channels, labelled] = countsOf(dataset.read(name));
      expect([train, channels]).toEqual([400, 8]);
      expect(labelled).toBeGreaterThan(0);
    }
  });
});

describeWithData('NAB', 'NAB', (folder) => {
  it('has its windows behind the probation of each file', () => {
    const dataset = openDataset(folder, '/');
    const windows = dataset.series.map((name) => dataset.read(name).segments.length);
    if (dataset.series.length !== 24) return;
    expect(windows.reduce((sum, count) => sum + count, 0)).toBe(49);
  });
});

describeWithData('GON-official', 'GON-official', (folder) => {
  it.each([
    // The file labels 645 rows; moved back, the last of them lies behind the end of the slice.
    ['smd-machine-1-1-mid20pct', [5696, 5696, 38, 644, 2]],
    ['smd-machine-1-3-mid20pct', [4740, 4740, 38, 281, 3]],
    ['smap-P-1-mid20pct', [574, 1700, 25, 548, 2]],
    ['msl-C-1', [2158, 2264, 55, 310, 2]],
  ])('%s has the shape of its file', (name, counts) => {
    expect(countsOf(openDataset(folder, '/').read(name))).toEqual(counts);
  });
});

describeWithData('TSB-AD-samples', 'TSB-AD-samples', (folder) => {
  it.each([
    ['001_NAB_id_1_Facility_tr_1007_1st_2014', [1007, 4031 - 1007, 1, 343, 3]],
    ['008_MSL_id_7_Sensor_tr_656_1st_1630', [656, 2625 - 656, 55, 222, 2]],
    ['169_SMAP_id_26_Sensor_tr_1811_1st_4510', [1811, 7244 - 1811, 25, 81, 1]],
  ])('%s has the rows and labels published with it', (name, counts) => {
    expect(countsOf(openDataset(folder, '/').read(name))).toEqual(counts);
  });
});
