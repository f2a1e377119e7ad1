import { describe, expect, it } from 'vitest';
import { metricsIn } from '../../../src/app/optimise/program-run.ts';

const LINES = [
  'INFO { not JSON }',
  '{"progress": 0.5}',
  '{"found": {"loss": 4, "list": [{"ms": 7}]}}',
  '[1, 2]',
  '{"found": {"loss": 1, "list": [{"ms": 8}]}}',
  '{"found": {"loss": 2.5, "list": [{"ms": 9}]}, "note": "NaN, or so"}',
].join('\n');

type Over = 'mean' | 'median' | 'least' | 'greatest';

function lossOver(over: Over, output = LINES) {
  const warnings: string[] = [];
  const problem = {
    objectives: { loss: { path: 'found.loss', over, better: 'lower' as const } },
    constraints: { ms: { path: 'found.list[0].ms', over: 'greatest' as const, most: 1 } },
  };
  const metrics = metricsIn(output, problem, {
    where: 'run 1',
    warn: (line) => void warnings.push(line),
  });
  return { metrics, warnings };
}

describe('metrics of an output', () => {
  it.each([
    ['mean', 2.5],
    ['median', 2.5],
    ['least', 1],
    ['greatest', 4],
  ] as const)('takes the %s over the lines that have it', (over, loss) => {
    const { metrics, warnings } = lossOver(over);
    expect(metrics).toEqual({ loss, ms: 9 });
    expect(warnings[0]).toBe(
      `run 1: found.loss is in 3 of 5 lines of JSON: loss is the ${over} of these`,
    );
  });

  it.each([
    ['NaN', '"NaN"'],
    ['-Infinity', '"-Infinity"'],
    ['null', 'null'],
    ['1e999', 'Infinity'],
    ['-1e308', '-1e+308'],
    ['true', 'true'],
  ])('refuses %s', (written, shown) => {
    const output = `{"found": {"loss": ${written}, "list": [{"ms": 1}]}}`;
    expect(() => lossOver('mean', output)).toThrow(
      `run 1: found.loss is ${shown}, expected a finite number`,
    );
  });

  it.each(['NaN', '[1, NaN, 2]', 'a quote \\" and : NaN, again'])(
    'takes a line in which a text holds %s',
    (text) => {
      const found = '{"loss": 3, "list": [{"ms": 1}]}';
      const beside = `{"note": "${text}", "found": ${found}}`;
      expect(lossOver('mean', beside).metrics).toEqual({ loss: 3, ms: 1 });
      const withOther = `{"other": NaN, "note": "${text}", "found": ${found}}`;
      expect(lossOver('mean', withOther).metrics).toEqual({ loss: 3, ms: 1 });
    },
  );

  it('takes a line that begins with a byte order mark', () => {
    const line = '\uFEFF{"found": {"loss": 3, "list": [{"ms": 1}]}}';
    expect(lossOver('mean', line).metrics).toEqual({ loss: 3, ms: 1 });
  });

  it('takes no number of which four would have an infinite product', () => {
    const objectives = Object.fromEntries(
      [...'abcd'].map((name) => [name, { path: name, over: 'mean', better: 'lower' } as const]),
    );
    const telling = { where: 'run 1', warn: () => undefined };
    const read = (a: number) =>
      metricsIn(JSON.stringify({ a, b: 1, c: 1, d: 1 }), { objectives, constraints: {} }, telling);
    expect(read(1e67)).toEqual({ a: 1e67, b: 1, c: 1, d: 1 });
    expect(() => read(-1e68)).toThrow('a is -1e+68, expected a finite number up to 1e+67');
  });

  it('refuses an output without the path, and without JSON', () => {
    expect(() => lossOver('mean', '{"found": 1, "lost": 2}')).toThrow(
      'no line has found.loss for loss: the first has found, lost',
    );
    expect(() => lossOver('mean', 'loss: 4')).toThrow('printed no line of JSON');
  });
});
