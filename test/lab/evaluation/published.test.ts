// The published figures of other people's evaluators, on their own data.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { affiliation } from '../../../src/lab/evaluation/affiliation.ts';
import { NAB_PROFILES, nabRaw } from '../../../src/lab/evaluation/nab.ts';
import { rangeScores } from '../../../src/lab/evaluation/range.ts';
import { segmentsOf } from '../../../src/lab/series/segments.ts';
import { describeWithData } from '../../public-data.ts';

const digits = (text: string): Uint8Array => Uint8Array.from(text.trim().split(/\s+/), Number);

describeWithData(
  'affiliation on its published test data',
  'metric-vectors/affiliation',
  (folder) => {
    const read = (name: string): Uint8Array =>
      digits(gunzipSync(readFileSync(join(folder, `${name}.gz`))).toString());

    it('gives the published precision and recall to two decimals', () => {
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
        string,
        Record<string, [number, number, number]>
      >;
      let compared = 0;
      for (const [series, algorithms] of Object.entries(expected)) {
        if (series === 'note') continue;
        const labels = read(`${series}_groundtruth`);
        for (const [algorithm, [precision, recall]] of Object.entries(algorithms)) {
          const found = affiliation(labels, read(`${series}_${algorithm}`));
          expect(found?.precision.toFixed(2)).toBe(precision.toFixed(2));
          expect(found?.recall.toFixed(2)).toBe(recall.toFixed(2));
          compared++;
        }
      }
      expect(compared).toBe(10);
    });
  },
);

describeWithData(
  'NAB scores of windowedGaussian',
  'metric-vectors/NAB-windowedGaussian',
  (folder) => {
    const profiles = {
      standard: NAB_PROFILES.standard,
      reward_low_FP_rate: NAB_PROFILES.lowFalsePositives,
      reward_low_FN_rate: NAB_PROFILES.lowFalseNegatives,
    };

    it.each(Object.entries(profiles))('equal the published raw scores: %s', (name, profile) => {
      const table = readFileSync(join(folder, `windowedGaussian_${name}_scores.csv`), 'utf8')
        .split('\n')
        .map((line) => line.split(','));
      const files = readdirSync(join(folder, 'realKnownCause'));
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const rows = readFileSync(join(folder, 'realKnownCause', file), 'utf8')
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(','));
        const published = table.find((line) =>
          line[2]?.endsWith(file.replace('windowedGaussian_', '')),
        );
        const windows = segmentsOf(Uint8Array.from(rows, (row) => Number(row[3])));
        const scores = Float64Array.from(rows, (row) => Number(row[2]));
        const found = nabRaw({ windows, scores }, Number(published?.[3]), profile);
        expect(Math.abs(found - Number(published?.[4]))).toBeLessThan(1e-9);
      }
    });
  },
);

describeWithData('range precision and recall', 'metric-vectors/range-pr', (folder) => {
  const read = (name: string): Uint8Array => digits(readFileSync(join(folder, name), 'utf8'));
  const expected = {
    flat: {
      lstm_ad: [0.90001, 0.55644],
      greenhouse: [0.0694, 0.88463],
      luminol: [0.98141, 0.04453],
    },
    front: {
      lstm_ad: [0.95095, 0.52391],
      greenhouse: [0.07651, 0.84352],
      luminol: [0.98141, 0.04464],
    },
  } as const;

  it.each(['flat', 'front'] as const)(
    'equal an independent program to five decimals: %s',
    (bias) => {
      for (const [name, [precision, recall]] of Object.entries(expected[bias])) {
        const found = rangeScores(read(`${name}.real`), read(`${name}.pred`), {
          alpha: 0,
          bias,
          cardinality: 'reciprocal',
        });
        expect(found.precision).toBeCloseTo(precision, 4);
        expect(found.recall).toBeCloseTo(recall, 4);
      }
    },
  );
});
