// Small data sets in each public layout, written to a temporary folder.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Writes files given by relative path, those ending in .gz packed; returns the folder. */
export function folderWith(files: Readonly<Record<string, string>>, name = 'set'): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'sentigon-')), name);
  mkdirSync(folder);
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}

const lines = (count: number, line: (row: number) => string): string =>
  Array.from({ length: count }, (_, row) => `${line(row)}\n`).join('');

export const smdFiles: Readonly<Record<string, string>> = {
  'train/machine-1-1.csv.gz': lines(5, (row) => `0.${row},0,1`),
  'test/machine-1-1.txt': lines(6, (row) => `0.5,${row},1`),
  'test_label/machine-1-1.txt': '0\n1\n1\n0\n0\n1\n',
  'interpretation_label/machine-1-1.txt': '5-6:3\n1-3:1,2\n',
};

export const asdFiles: Readonly<Record<string, string>> = {
  'train/omi-1.csv': lines(5, (row) => `0.${row},0`),
  'test/omi-1.csv': lines(6, (row) => `0.5,${row}`),
  'test_label/omi-1.txt': '0\n1\n1\n0\n0\n1\n',
  'interpretation_label/omi-1.txt': '1-2:2\n5-5:1\n',
  'anomaly_type.csv': 'entity,segment,type\nomi-2,1-2,metric\nomi-1,1-2,temporal\n',
};

const skabHeader = 'datetime;Current;Volume Flow RateRMS;anomaly;changepoint\n';
export const skabFiles: Readonly<Record<string, string>> = {
  'anomaly-free/anomaly-free.csv': 'datetime;Current\n2020-03-09 10:14:33;1\n',
  'valve1/0.csv':
    skabHeader +
    lines(405, (row) => `2020-03-09 10:14:33;${row};32.5;${row >= 402 && row < 404 ? 1 : 0}.0;0.0`),
  'valve1/10.csv': skabHeader + lines(401, () => '2020-03-09 10:14:33;1;2;0.0;0.0'),
  'valve1/2.csv': skabHeader + lines(401, () => '2020-03-09 10:14:33;1;2;0.0;0.0'),
};

const minute = (row: number): string =>
  new Date(Date.UTC(2014, 0, 1, 0, row * 5)).toISOString().slice(0, 19).replace('T', ' ');
export const nabFiles: Readonly<Record<string, string>> = {
  'data/realAd/cpu.csv': `timestamp,value\n${lines(100, (row) => `${minute(row)},${row}`)}`,
  'data/realAd/unlabelled.csv': `timestamp,value\n${lines(10, (row) => `${minute(row)},1`)}`,
  'labels/combined_windows.json': JSON.stringify({
    'realAd/cpu.csv': [
      [`${minute(20)}.000000`, `${minute(24)}.000000`],
      [`${minute(50)}.000000`, `${minute(50)}.000000`],
    ],
    'realAd/absent.csv': [],
  }),
};

export const gonFiles: Readonly<Record<string, string>> = {
  'smd-a/train.csv.gz': lines(4, () => '0.1,0.2'),
  'smd-a/test.csv.gz': lines(5, () => '0.3,0.4'),
  'smd-a/labels.csv.gz': '0,0\n0,1\n1,0\n0,0\n0,0\n',
  'msl-b/train.csv.gz': lines(4, () => '0.1,0.2'),
  'msl-b/test.csv.gz': lines(5, () => '0.3,0.4'),
  'msl-b/labels.csv.gz': '0,0\n0,1\n1,0\n0,0.05\n0,0\n',
};

export const tsbFiles: Readonly<Record<string, string>> = {
  'README.md': 'not a table',
  'published_VUS-PR_uni.csv': 'file,A\nx,1\n',
  '001_NAB_id_1_Facility_tr_3_1st_4.csv': `Data,Label\n${lines(6, (row) => `${row}.5,${row === 4 ? 1 : 0}`)}`,
};

export const recordingFiles: Readonly<Record<string, string>> = {
  'train.csv.gz': `time,cpu.user[%],memory.used[B]\n${lines(4, (row) => `${1000 + row * 1000},${row},10`)}`,
  'test.csv.gz': `time,cpu.user[%],memory.used[B]\n${lines(6, (row) => `${5000 + row * 1000},${row},${row === 2 ? '' : 11}`)}`,
  'labels.csv':
    'start,end,kind,channels\n8500,20000,leak,memory.used swap.used\n5500,7000,cpu-hog,cpu.user memory.used\n90000,95000,late,cpu.user\n',
};
