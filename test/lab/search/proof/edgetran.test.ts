import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SourceError } from '../../../../src/core/errors.ts';
import { readMeasuredPairs, readPublished } from '../../../../src/lab/search/proof/edgetran.ts';
import { nameOf } from '../../../../src/models/design-point.ts';
import { describeWithData } from '../../../public-data.ts';

function pair(ops: readonly string[]): object {
  return {
    model_dict: { o: [ops], h: [128], f: [[256, 512]] },
    performance: { latency: 500, energy: 400, peak_power: 30, glue: 0.8 },
  };
}

describe('measured pairs of EdgeTran', () => {
  const text = JSON.stringify({
    abc_cpu_rpi: pair(['sa_wma_64', 'c_13_64']),
    abc_a100: pair(['sa_wma_64', 'c_13_64']),
    def_a100: pair(['l_dct_128']),
  });

  it('are networks, devices and what the authors sought', () => {
    const { points, devices, pairs } = readMeasuredPairs(text, 'pairs.json');
    expect(devices).toEqual(['cpu_rpi', 'a100']);
    expect(pairs.map(({ network, device }) => [network, device])).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(pairs[0]?.performance).toBeCloseTo(0.4 + 0.1 + 0.16 + 0.09, 12);
    expect(points.map(({ layers }) => layers[0]?.heads.map(nameOf))).toEqual([
      ['attention-multiplicative', 'convolution-13'],
      ['transform-dct'],
    ]);
    expect(points[0]?.layers[0]).toMatchObject({ hidden: 128, feedForward: [256, 512] });
  });

  it.each(['{', '{"abc":{}}', text.replace('l_dct_128', 'rnn_128')])(
    'refuses %s by name',
    (wrong) => {
      expect(() => readMeasuredPairs(wrong, 'pairs.json')).toThrow(SourceError);
      expect(() => readMeasuredPairs(wrong, 'pairs.json')).toThrow(
        /^pairs\.json is not a file that EdgeTran/,
      );
    },
  );
});

describe('published searches of EdgeTran', () => {
  const given = Array.from({ length: 782 }, () => 0.01);

  it('are what improved among evaluations of their own, without what was invalid or given before', () => {
    const text = JSON.stringify({ GP: { convergence: [...given, 100, 0.3, 0.4, 0.2] } });
    expect(readPublished(text, 'x')).toEqual([
      {
        name: 'GP',
        evaluations: 4,
        improvements: [
          [2, 0.3],
          [4, 0.2],
        ],
      },
    ]);
  });

  it('end for BOSHCODE where the curve of another begins', () => {
    const own = Array.from({ length: 100 }, () => 0.2);
    const text = JSON.stringify({ BOSHCODE: { convergence: [...given, ...own, 0.09, 0.1] } });
    expect(readPublished(text, 'x')[0]).toMatchObject({
      evaluations: 100,
      improvements: [[1, 0.2]],
    });
  });
});

describeWithData('EdgeTran as published', 'edgetran', (path) => {
  it('has 782 pairs of 686 networks, the best better than any search that was published', () => {
    const { points, devices, pairs } = readMeasuredPairs(
      readFileSync(join(path, 'pairs.json'), 'utf8'),
      'pairs.json',
    );
    expect([points.length, devices.length, pairs.length]).toEqual([686, 7, 782]);
    const published = readPublished(
      readFileSync(join(path, 'published-search-results.json'), 'utf8'),
      'published-search-results.json',
    );
    const costs = published.map(({ name, improvements }) => [name, improvements.at(-1)?.[1]]);
    expect(costs.map(([name, cost]) => [name, Number(cost).toFixed(4)])).toEqual([
      ['Random', '0.1138'],
      ['Forest', '0.0953'],
      ['GBRT', '0.1041'],
      ['GP', '0.0979'],
      ['BOSHCODE', '0.1110'],
    ]);
    const best = 1 - Math.max(...pairs.map(({ performance }) => performance));
    expect(best).toBeLessThan(0.0953);
  });
});
