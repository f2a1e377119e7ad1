// The published VUS-PR of TSB-AD for two detectors that can be restated exactly: their Sub-PCA, and a constant score,
// which is what some of their detectors made of one series. Window by the series' own period, whole series scored.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { principalComponents } from '../../../src/detectors/training/principal-components.ts';
import { openDataset } from '../../../src/lab/datasets/dataset.ts';
import { vus } from '../../../src/lab/evaluation/vus.ts';
import { windowLength } from '../../../src/lab/evaluation/window-length.ts';
import type { LabelledSeries } from '../../../src/lab/series/labelled-series.ts';
import { describeWithData } from '../../public-data.ts';

/** First channel and labels of training and test part together. */
function whole({ train, test, labels }: LabelledSeries): {
  values: Float64Array;
  labels: Uint8Array;
} {
  const width = test.channels.length;
  const first = [...train.values, ...test.values].filter((_, i) => i % width === 0);
  const all = new Uint8Array(first.length);
  all.set(labels, train.timeMs.length);
  return { values: Float64Array.from(first), labels: all };
}

/**
 * Windows standardised column by column; sum over all components of the distance to the component's own end point,
 * over the component's share of variance; the first and last score fill the half windows at the ends.
 */
function subPca(values: Float64Array, length: number): Float64Array {
  const windows = Array.from({ length: values.length - length + 1 }, (_, i) =>
    values.slice(i, i + length),
  );
  for (let c = 0; c < length; c++) {
    const column = windows.map((window) => window[c] ?? NaN);
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    const sd = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length);
    for (const window of windows) window[c] = ((window[c] ?? NaN) - mean) / sd;
  }
  const parts = principalComponents(windows.map((window) => Float32Array.from(window)));
  const { variances } = parts;
  const components = parts.components.map((component) => oriented(component, windows));
  const total = variances.reduce((a, b) => a + b, 0);
  const scores = windows.map((window) =>
    components.reduce((sum, component, k) => {
      const distance = Math.sqrt(
        component.reduce((d, value, c) => d + ((window[c] ?? NaN) - value) ** 2, 0),
      );
      return sum + distance / ((variances[k] ?? NaN) / total);
    }, 0),
  );
  const before = new Array<number>(Math.ceil((length - 1) / 2)).fill(scores[0] ?? NaN);
  const after = new Array<number>(Math.floor((length - 1) / 2)).fill(scores.at(-1) ?? NaN);
  return Float64Array.from([...before, ...scores, ...after]);
}

/** As scikit-learn did then: the window that reaches farthest along a component reaches forwards. */
function oriented(component: Float64Array, windows: readonly Float64Array[]): Float64Array {
  let farthest = 0;
  for (const window of windows) {
    const reach = window.reduce((sum, value, c) => sum + value * (component[c] ?? NaN), 0);
    if (Math.abs(reach) > Math.abs(farthest)) farthest = reach;
  }
  return farthest < 0 ? component.map((value) => -value) : component;
}

describeWithData('VUS-PR as TSB-AD published it', 'TSB-AD-samples', (folder) => {
  const read = (name: string) => whole(openDataset(folder).read(name));
  const published = (file: string, name: string, column: string): number => {
    const [head = [], ...lines] = readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .map((line) => line.split(','));
    return Number(lines.find(([series]) => series === `${name}.csv`)?.[head.indexOf(column)]);
  };

  it('equals Sub-PCA on 001_NAB to 1e-6', () => {
    const name = '001_NAB_id_1_Facility_tr_1007_1st_2014';
    const { values, labels } = read(name);
    const length = windowLength(values);
    expect(length).toBe(6);
    const expected = published('published_VUS-PR_uni.csv', name, 'Sub-PCA');
    const found = vus(labels, subPca(values, length), length)?.pr ?? NaN;
    expect(Math.abs(found - expected)).toBeLessThan(1e-6);
  });

  it('equals the constant score of IForest and LOF on 169_SMAP to 1e-12', () => {
    const name = '169_SMAP_id_26_Sensor_tr_1811_1st_4510';
    const { values, labels } = read(name);
    const found = vus(labels, new Float64Array(labels.length), windowLength(values))?.pr ?? NaN;
    for (const detector of ['IForest', 'LOF']) {
      const expected = published('published_VUS-PR_multi.csv', name, detector);
      expect(Math.abs(found - expected)).toBeLessThan(1e-12);
    }
  });
});
