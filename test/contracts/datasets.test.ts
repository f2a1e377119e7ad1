import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../src/core/errors.ts';
import { findDatasets, layouts, openDataset } from '../../src/lab/datasets/dataset.ts';
import {
  asdFiles,
  folderWith,
  gonFiles,
  nabFiles,
  recordingFiles,
  skabFiles,
  smdFiles,
  tsbFiles,
} from '../lab/datasets/fixtures.ts';

type Files = Readonly<Record<string, string>>;

/** For each layout a sound folder, and ways to break it with what the error must name. */
const cases: Readonly<
  Record<string, { files: Files; broken: readonly [string, Files, RegExp][] }>
> = {
  smd: {
    files: smdFiles,
    broken: [
      [
        'a missing part',
        without(smdFiles, 'train/machine-1-1.csv.gz'),
        /train\/machine-1-1\.csv.*missing/,
      ],
      [
        'a ragged row',
        { ...smdFiles, 'test/machine-1-1.txt': '1,2,3\n1,2\n' },
        /test\/machine-1-1\.txt line 2 has 2 cells, expected 3/,
      ],
      [
        'a word',
        { ...smdFiles, 'test/machine-1-1.txt': '1,2,3\n1,x,3\n' },
        /line 2: 'x' in column 2/,
      ],
      [
        'a non-finite value',
        { ...smdFiles, 'test/machine-1-1.txt': '1,Infinity,3\n' },
        /line 1: 'Infinity'/,
      ],
      ['an empty file', { ...smdFiles, 'test/machine-1-1.txt': '' }, /holds no rows/],
      ['another width', { ...smdFiles, 'test/machine-1-1.txt': '1,2\n' }, /has 2 columns/],
      [
        'labels of another length',
        { ...smdFiles, 'test_label/machine-1-1.txt': '0\n1\n' },
        /6 test rows but 2 labels/,
      ],
      [
        'a segment outside',
        { ...smdFiles, 'interpretation_label/machine-1-1.txt': '4-9:1\n' },
        /rows 4 to 9/,
      ],
      [
        'a dimension counted from 0',
        { ...smdFiles, 'interpretation_label/machine-1-1.txt': '1-3:0\n' },
        /channel 0/,
      ],
      [
        'an unreadable interpretation',
        { ...smdFiles, 'interpretation_label/machine-1-1.txt': 'nonsense\n' },
        /line 1: 'nonsense'/,
      ],
    ],
  },
  asd: {
    files: asdFiles,
    broken: [['missing labels', without(asdFiles, 'test_label/omi-1.txt'), /test_label\/omi-1/]],
  },
  skab: {
    files: skabFiles,
    broken: [
      [
        'no labels',
        { 'valve1/0.csv': 'datetime;Current\n2020-03-09 10:14:33;1\n' },
        /no column 'anomaly'/,
      ],
      [
        'too few rows',
        { 'valve1/0.csv': 'datetime;a;anomaly\n2020-03-09 10:14:33;1;0\n' },
        /1 rows/,
      ],
      [
        'a broken time',
        { 'valve1/0.csv': 'datetime;a;anomaly\nyesterday;1;0\n' },
        /'yesterday' in column 1/,
      ],
    ],
  },
  nab: {
    files: nabFiles,
    broken: [
      [
        'labels that are not JSON',
        { ...nabFiles, 'labels/combined_windows.json': '{' },
        /combined_windows\.json/,
      ],
      [
        'a window outside the file',
        {
          ...nabFiles,
          'labels/combined_windows.json':
            '{"realAd/cpu.csv":[["2015-01-01 00:00:00","2015-01-02 00:00:00"]]}',
        },
        /no row in the labelled window/,
      ],
    ],
  },
  'gon-official': {
    files: gonFiles,
    broken: [
      [
        'labels of another width',
        { ...gonFiles, 'msl-b/labels.csv.gz': '0\n0\n0\n0\n0\n' },
        /2 to test and 1 of labels/,
      ],
    ],
  },
  'tsb-ad': {
    files: tsbFiles,
    broken: [
      [
        'no label column',
        { 'a_tr_1_1st_2.csv': 'Data,Other\n1,2\n3,4\n' },
        /'Other', expected 'Label'/,
      ],
      [
        'fewer rows than its name says',
        { 'a_tr_9_1st_10.csv': 'Data,Label\n1,0\n3,0\n' },
        /9 training rows of 2/,
      ],
    ],
  },
  recording: {
    files: recordingFiles,
    broken: [
      [
        'other channels',
        { ...recordingFiles, 'train.csv.gz': 'time,a\n1,2\n3,4\n' },
        /train has the channels a/,
      ],
      [
        'no time column',
        { ...recordingFiles, 'test.csv.gz': 'cpu,b\n1,2\n3,4\n' },
        /line 1: expected time/,
      ],
      [
        'time that goes back',
        { ...recordingFiles, 'test.csv.gz': 'time,a\n5,2\n3,4\n' },
        /line 3 is earlier than the row before it/,
      ],
      [
        'a fault that ends before it starts',
        { ...recordingFiles, 'labels.csv': 'start,end,kind,channels\n9,8,x,a\n' },
        /line 2/,
      ],
    ],
  },
};

function without(files: Files, path: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
}

describe('layout registry', () => {
  it('has a case here for each layout, and lists every layout of the folder', async () => {
    expect(Object.keys(cases).sort()).toEqual([...layouts.keys()].sort());
    const folder = new URL('../../src/lab/datasets/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
    const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
    const found = modules
      .flatMap((module) => Object.values(module))
      .filter((value) => typeof value === 'object' && value !== null && 'matches' in value);
    expect(new Set(found)).toEqual(new Set(layouts.values()));
  });
});

describe.each(Object.entries(cases))('layout %s', (kind, { files, broken }) => {
  it('knows its own folder, alone of all layouts, and reads every series of it', () => {
    const folder = folderWith(files);
    const matching = [...layouts.values()].filter((layout) => layout.matches(folder));
    expect(matching.map((layout) => layout.kind)).toEqual([kind]);
    const dataset = openDataset(folder, '/nowhere');
    expect(dataset.series.length).toBeGreaterThan(0);
    for (const name of dataset.series) {
      const series = dataset.read(name);
      const width = series.test.channels.length;
      expect(series.train.channels).toEqual(series.test.channels);
      expect(series.train.values).toHaveLength(series.train.timeMs.length * width);
      expect(series.test.values).toHaveLength(series.test.timeMs.length * width);
      expect(series.labels).toHaveLength(series.test.timeMs.length);
      expect(series.test.timeMs[0]).toBeGreaterThan(series.train.timeMs.at(-1) ?? NaN);
    }
  });

  it.each(broken)('refuses %s by name', (_, files, message) => {
    const folder = folderWith(files);
    const read = (): unknown => {
      const dataset = openDataset(folder, '/nowhere');
      return dataset.series.map((name) => dataset.read(name));
    };
    expect(read).toThrow(SourceError);
    expect(read).toThrow(message);
  });
});

describe('openDataset', () => {
  it('says where to get a known set that is absent', () => {
    expect(() => openDataset('SKAB', '/nowhere')).toThrow(
      /\/nowhere\/SKAB.*waico\/SKAB.*GPL-3.*fetch-datasets.main.mjs SKAB/,
    );
    expect(() => openDataset('SWAT', '/nowhere')).toThrow(/one of SMD, ASD/);
  });

  it('refuses a folder in no known layout, and a series it does not have', () => {
    expect(() => openDataset(folderWith({ 'a.md': '' }), '/')).toThrow(
      /none of the known layouts \(smd, asd/,
    );
    expect(() => openDataset(folderWith(smdFiles), '/').read('machine-9-9')).toThrow(
      /no series 'machine-9-9'/,
    );
  });

  it('finds all known folders under a root', () => {
    const root = folderWith({
      ...Object.fromEntries(Object.entries(smdFiles).map(([path, text]) => [`mine/${path}`, text])),
      'notes/readme.md': '',
    });
    expect(findDatasets(root).map(({ name, layout }) => [name, layout])).toEqual([['mine', 'smd']]);
  });
});
