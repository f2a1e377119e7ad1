import { describe, expect, it } from 'vitest';
import { findDatasets, openDataset } from '../../../src/lab/datasets/dataset.ts';
import {
  asdFiles,
  folderWith,
  gonFiles,
  nabFiles,
  recordingFiles,
  skabFiles,
  smdFiles,
  tsbFiles,
} from './fixtures.ts';

const open = (files: Readonly<Record<string, string>>) =>
  openDataset(folderWith(files), '/nowhere');

describe('SMD layout', () => {
  it('reads interpretations as half-open, with dimensions counted from 1', () => {
    const dataset = open(smdFiles);
    expect([dataset.layout, dataset.series]).toEqual(['smd', ['machine-1-1']]);
    const series = dataset.read('machine-1-1');
    expect(series.id).toBe('set/machine-1-1');
    expect([...series.labels]).toEqual([0, 1, 1, 0, 0, 1]);
    expect(series.segments).toEqual([
      { start: 1, end: 3, channels: [0, 1] },
      { start: 5, end: 6, channels: [2] },
    ]);
    expect(series.train.values).toHaveLength(15);
    expect([...series.test.values.subarray(0, 6)]).toEqual([0.5, 0, 1, 0.5, 1, 1]);
    expect(series.test.channels.map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it('lets the test follow the training, a minute a row', () => {
    const { train, test, intervalMs } = open(smdFiles).read('machine-1-1');
    expect(intervalMs).toBe(60_000);
    expect(test.timeMs[0]).toBe((train.timeMs.at(-1) ?? 0) + 60_000);
    expect(test.timeMs).toHaveLength(6);
  });

  it('takes runs of labels where nothing explains them', () => {
    const { 'interpretation_label/machine-1-1.txt': _, ...files } = smdFiles;
    expect(open(files).read('machine-1-1').segments).toEqual([
      { start: 1, end: 3 },
      { start: 5, end: 6 },
    ]);
  });
});

describe('ASD layout', () => {
  it('reads interpretations with their last row inside, and their kind', () => {
    const dataset = open(asdFiles);
    expect(dataset.layout).toBe('asd');
    const series = dataset.read('omi-1');
    expect(series.segments).toEqual([
      { start: 1, end: 3, channels: [1], kind: 'temporal' },
      { start: 5, end: 6, channels: [0] },
    ]);
    expect(series.intervalMs).toBe(300_000);
  });
});

describe('SKAB layout', () => {
  it('learns from the first 400 rows and judges the rest, experiments in the order of their numbers', () => {
    const dataset = open(skabFiles);
    expect([dataset.layout, dataset.series]).toEqual([
      'skab',
      ['valve1/0', 'valve1/2', 'valve1/10'],
    ]);
    const series = dataset.read('valve1/0');
    expect(series.train.timeMs).toHaveLength(400);
    expect([...series.labels]).toEqual([0, 0, 1, 1, 0]);
    expect(series.test.channels.map(({ id }) => id)).toEqual(['Current', 'Volume Flow RateRMS']);
    expect([...series.test.values.subarray(0, 2)]).toEqual([400, 32.5]);
    expect(series.train.timeMs[0]).toBe(Date.UTC(2020, 2, 9, 10, 14, 33));
  });
});

describe('NAB layout', () => {
  it('learns from the probation and reads windows as inclusive time stamps', () => {
    const dataset = open(nabFiles);
    expect([dataset.layout, dataset.series]).toEqual(['nab', ['realAd/cpu']]);
    const series = dataset.read('realAd/cpu');
    expect(series.train.timeMs).toHaveLength(15);
    expect(series.segments).toEqual([
      { start: 5, end: 10 },
      { start: 35, end: 36 },
    ]);
    expect(series.intervalMs).toBe(300_000);
    expect(series.test.values[0]).toBe(15);
  });
});

describe('GON-official layout', () => {
  it('calls a row anomalous when any of its cells is, and moves the early labels of SMD back', () => {
    const dataset = open(gonFiles);
    expect([dataset.layout, dataset.series]).toEqual(['gon-official', ['msl-b', 'smd-a']]);
    expect([...dataset.read('msl-b').labels]).toEqual([0, 1, 1, 0, 0]);
    expect([...dataset.read('smd-a').labels]).toEqual([0, 0, 1, 1, 0]);
    expect(dataset.read('smd-a').segments).toEqual([{ start: 2, end: 4, channels: [0, 1] }]);
  });
});

describe('TSB-AD layout', () => {
  it('takes the training length from the name and labels from the last column', () => {
    const dataset = open(tsbFiles);
    expect(dataset.layout).toBe('tsb-ad');
    expect(dataset.series).toEqual(['001_NAB_id_1_Facility_tr_3_1st_4']);
    const series = dataset.read('001_NAB_id_1_Facility_tr_3_1st_4');
    expect([...series.train.values]).toEqual([0.5, 1.5, 2.5]);
    expect([...series.labels]).toEqual([0, 1, 0]);
  });
});

describe('times in public sets', () => {
  it('are of days that the calendar has (#18)', () => {
    const [path = ''] = Object.keys(nabFiles);
    const files = {
      ...nabFiles,
      [path]: 'timestamp,value\n2014-02-28 00:00:00,1\n2014-02-30 00:00:00,1\n',
    };
    expect(() => open(files).read('realAd/cpu')).toThrow("line 3: '2014-02-30 00:00:00'");
  });
});

describe('recording layout', () => {
  it('puts faults given by the clock on rows: from the first row at the start until before the end', () => {
    const dataset = open(recordingFiles);
    expect([dataset.layout, dataset.series]).toEqual(['recording', ['set']]);
    const series = dataset.read('set');
    expect(series.segments).toEqual([
      { start: 1, end: 2, kind: 'cpu-hog', channels: [0, 1] },
      { start: 4, end: 6, kind: 'leak', channels: [1] },
    ]);
    expect([...series.labels]).toEqual([0, 1, 0, 0, 1, 1]);
    expect(series.intervalMs).toBe(1000);
  });

  it('reads names, units and missing readings', () => {
    const { test } = open(recordingFiles).read('set');
    expect(test.channels).toEqual([
      { id: 'cpu.user', unit: '%' },
      { id: 'memory.used', unit: 'B' },
    ]);
    expect(test.values[2 * 2 + 1]).toBeNaN();
    expect(test.timeMs[0]).toBe(5000);
  });

  it.each([
    ['time that goes back', '2000,1,1\n1000,1,1', 'line 3 is earlier than the row before it'],
    [
      'time in microseconds',
      '2000,1,1\n1764470000000000,1,1',
      'line 3 has the time 1764470000000000, which looks like microseconds, expected milliseconds',
    ],
  ])('refuses a %s as replay does, and names the line (#18)', (_, rows, message) => {
    const test = `time,cpu.user[%],memory.used[B]\n${rows}\n`;
    const { 'test.csv.gz': _gone, ...files } = recordingFiles;
    expect(() => open({ ...files, 'test.csv': test }).read('set')).toThrow(message);
  });
});

describe('a folder of recordings', () => {
  const files = Object.fromEntries(
    ['one', 'two'].flatMap((name) =>
      Object.entries(recordingFiles).map(([path, text]) => [`${name}/${path}`, text]),
    ),
  );

  it('has a series for each, and is not taken for the published GON data', () => {
    const dataset = open(files);
    expect([dataset.layout, dataset.series]).toEqual(['recording', ['one', 'two']]);
    expect(dataset.read('two').id).toBe('set/two');
  });

  it('is not found beside the recordings in it', () => {
    const folder = folderWith(files);
    expect(findDatasets(folder).map(({ name }) => name)).toEqual(['one', 'two']);
  });
});
