import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { sampleCnns } from '../../../../src/lab/search/cnn-space/enumerate.ts';
import { readCnnSpace } from '../../../../src/lab/search/cnn-space/space.ts';
import { cnnGrowth } from '../../../../src/lab/search/gptran/cnn-modes.ts';
import { cnnMacs } from '../../../../src/models/cnn.ts';
import {
  type CnnPoint,
  cnnPointSchema,
  columnsOf,
  requireLegalCnn,
} from '../../../../src/models/cnn-design.ts';
import { type CnnLineage, transferCnn } from '../../../../src/models/transfer/transfer-cnn.ts';
import { randomCnn, SHAPE } from '../../../models/transfer/random-cnn.ts';

const networkOf = (
  point: CnnPoint,
  seed = 1,
  of: (name: string) => number | undefined = () => undefined,
) => randomCnn(point, { seed, of });

const context = (changed: object = {}, tried: readonly string[] = []) => ({
  options: cnnGrowth.options.parse(changed),
  random: createRandom(1),
  patches: SHAPE.rows,
  tried: new Set(tried),
});

function offspring(
  mode: string,
  parent: CnnPoint | ReturnType<typeof networkOf>,
  given: object = {},
) {
  const network = 'cells' in parent ? networkOf(parent) : parent;
  return cnnGrowth.modes.get(mode)?.offspring(network, context(given)) ?? expect.fail(mode);
}

const conv = (...inputs: number[]) =>
  ({ operation: { op: 'convolution', kernel: 3 }, inputs }) as CnnPoint['cells'][0]['vertices'][0];
const pool = (...inputs: number[]) =>
  ({ operation: { op: 'pool', of: 'max' }, inputs }) as CnnPoint['cells'][0]['vertices'][0];
const cell = (channels: number, output: number[], ...vertices: ReturnType<typeof conv>[]) =>
  ({ channels, activation: 'silu', vertices, output }) as CnnPoint['cells'][0];
const widths = ({ cells, join = 'sum' }: CnnPoint) => cells.map((one) => columnsOf(one, join).made);

describe('modes of growth of convolutional networks', () => {
  const points = sampleCnns(readCnnSpace('full'), 12, 3);

  it.each([...cnnGrowth.modes.keys()])(
    '%s: makes legal, different networks of known descent',
    (mode) => {
      let changed = 0;
      for (const point of points) {
        const children = offspring(mode, point, { samples: 9 });
        changed += children.length;
        expect(new Set(children.map(({ change }) => change)).size).toBe(children.length);
        for (const child of children) {
          expect(cnnPointSchema.safeParse(child.point).error).toBeUndefined();
          requireLegalCnn(child.point, SHAPE.rows);
          expectWork(mode, cnnMacs(point, SHAPE), cnnMacs(child.point, SHAPE));
          expectDescent(point, child);
        }
      }
      expect(changed).toBeGreaterThan(0);
    },
  );

  /** A vertex may be a pool, which multiplies nothing. */
  function expectWork(mode: string, before: number, after: number): void {
    if (mode.startsWith('grow')) expect(after).toBeGreaterThanOrEqual(before);
    if (mode === 'prune-channels') expect(after).toBeLessThan(before);
  }

  function expectDescent(point: CnnPoint, child: { point: CnnPoint; lineage: CnnLineage }): void {
    child.point.cells.forEach(({ vertices }, i) => {
      const from = child.lineage[i];
      expect(from?.vertices).toHaveLength(vertices.length);
      from?.vertices.forEach((old, vertex) => {
        if (old === undefined) return;
        const before = point.cells[from.cell]?.vertices[old];
        expect(vertices[vertex]?.operation).toEqual(before?.operation);
      });
    });
  }

  it('grow-vertex adds any operation behind any place, and changes no width', () => {
    const point = { cells: [cell(8, [0, 1], conv(0)), cell(16, [1], conv(0))] };
    const all = offspring('grow-vertex', point, { samples: 99 });
    // Eight operations behind two places of two cells.
    expect(all).toHaveLength(32);
    for (const { point: child } of all) {
      for (const [place, made] of widths(point).entries()) {
        expect(widths(child)[place]?.slice(0, made.length)).toEqual(made);
      }
    }
    const tried = context({ samples: 99 }, [all[0]?.change ?? '']);
    expect(cnnGrowth.modes.get('grow-vertex')?.offspring(networkOf(point), tried)).toHaveLength(31);
  });

  it('a grown network whose new parts say nothing computes what its parent does', () => {
    const parent = networkOf({
      cells: [cell(8, [0, 2], conv(0), conv(1)), cell(16, [1], conv(0))],
      norm: 'none',
    });
    const all = offspring('grow-vertex', parent, { samples: 99 });
    expect(all.length).toBeGreaterThan(20);
    for (const { point, lineage, change } of all) {
      const place = lineage.findIndex(({ vertices }) => vertices.includes(undefined));
      const vertex = point.cells[place]?.vertices.length;
      const isNew = (name: string) => name.startsWith(`cell${place + 1}.vertex${vertex}.`);
      const child = networkOf(point, 2, (name) => (isNew(name) ? 0 : undefined));
      const { weights, of } = transferCnn(parent, child, lineage);
      // A pool has no weights that could say nothing.
      if (/pool/.test(change)) continue;
      const fresh = child.weights.filter(({ name }) => isNew(name));
      expect(of - weights, change).toBe(fresh.reduce((sum, { values }) => sum + values.length, 0));
      expect(child.scored(), change).toEqual(parent.scored());
    }
  });

  it('grow-channels widens a cell, or what is added to each other, where a sum does not widen it anyway', () => {
    const point = {
      cells: [cell(8, [0, 1], conv(0)), cell(16, [2, 3], conv(0), conv(1), conv(1))],
    };
    const all = offspring('grow-channels', point, { samples: 99, channels: [8] });
    const made = Object.fromEntries(all.map(({ change, point: child }) => [change, widths(child)]));
    expect(made).toEqual({
      'cell 1 + 8 channels': [
        [16, 16],
        [16, 16, 16, 16],
      ],
      // Wider than its input, which a projection raises then.
      'cell 1 vertices 1 + 8 channels': [
        [8, 16],
        [16, 16, 16, 16],
      ],
      'cell 2 + 8 channels': [
        [8, 8],
        [24, 24, 24, 24],
      ],
      'cell 2 vertices 1 + 8 channels': [
        [8, 8],
        [16, 24, 16, 16],
      ],
      'cell 2 vertices 2, 3 + 8 channels': [
        [8, 8],
        [16, 16, 24, 24],
      ],
    });
  });

  it('moves channels by their index where a cell grows or shrinks, behind strides and side by side', () => {
    const point: CnnPoint = {
      cells: [cell(16, [1, 2], conv(0), conv(0)), cell(16, [1], conv(0))],
      join: 'concatenate',
    };
    const parent = networkOf(point);
    const narrow = offspring('prune-channels', parent, { prunedCells: 1 })[0];
    const grown = offspring('grow-channels', parent, { samples: 99, channels: [8] });
    expect(grown.length).toBeGreaterThan(3);
    for (const one of grown) {
      const child = networkOf(one.point, 2);
      transferCnn(parent, child, one.lineage);
      const again = networkOf(point, 3);
      const { weights, of } = transferCnn(
        { point: one.point, tensors: child.tensorsNow() },
        again,
        one.lineage,
      );
      expect(weights).toBe(of);
      expect(again.scored()).toEqual(parent.scored());
    }
    expect(narrow?.change).toMatch(/ - 8 channels$/);
  });

  it('prune-vertex drops the vertices with the least weights, and leads around them', () => {
    const chain = cell(8, [0, 3], conv(0), conv(1), conv(2));
    const weak = (vertex: number) =>
      networkOf({ cells: [chain] }, 1, (name) =>
        name === `cell1.vertex${vertex}.kernel` ? 0.01 : undefined,
      );
    const found = [1, 2, 3].map((vertex) => {
      const [child, ...others] = offspring('prune-vertex', weak(vertex));
      expect(others).toEqual([]);
      expect(child?.change).toBe(`cell 1 - vertex ${vertex}`);
      expect(child?.lineage[0]?.vertices).toEqual([0, 1, 2].filter((one) => one !== vertex - 1));
      const [only] = child?.point.cells ?? [];
      return [only?.vertices.map(({ inputs }) => inputs), only?.output];
    });
    expect(found).toEqual([
      [
        [[0], [1]],
        [0, 2],
      ],
      [
        [[0], [1]],
        [0, 2],
      ],
      // Else what the second makes would be lost.
      [
        [[0], [1]],
        [0, 2],
      ],
    ]);
    // One that is added to others is missing then.
    const beside = cell(8, [1, 2], conv(0), conv(0));
    const light = networkOf({ cells: [beside] }, 1, (name) =>
      name === 'cell1.vertex1.kernel' ? 0.01 : undefined,
    );
    const child = offspring('prune-vertex', light)[0];
    expect(child?.point.cells[0]).toMatchObject({ vertices: [conv(0)], output: [1] });
    // What is left of the parent is its own.
    const network = networkOf(child?.point as CnnPoint, 2);
    const { weights, of } = transferCnn(light, network, child?.lineage);
    expect(weights).toBe(of);
    const kernel = network.weights.find(({ name }) => name === 'cell1.vertex1.kernel');
    expect(kernel?.values).toEqual(light.tensors['cell1.vertex2.kernel']?.data);
  });

  it('prune-vertex keeps one vertex of each cell, and pools, which weigh nothing', () => {
    expect(offspring('prune-vertex', { cells: [cell(8, [1], conv(0))] })).toEqual([]);
    const [child] = offspring(
      'prune-vertex',
      { cells: [cell(8, [3], pool(0), pool(1), conv(2))] },
      { prunedVertices: 3 },
    );
    expect(child?.point.cells[0]?.vertices).toEqual([pool(0), pool(1)]);
  });

  it('prune-channels narrows the cells with the least weights, one part of each, never below eight', () => {
    const two = { cells: [cell(24, [1], conv(0)), cell(24, [1], conv(0)), cell(8, [1], conv(0))] };
    const weak = networkOf(two, 1, (name) =>
      /^cell2\.vertex1\.kernel/.test(name) ? 0.01 : /^cell1\.input/.test(name) ? 0.001 : undefined,
    );
    const [child] = offspring('prune-channels', weak);
    expect(widths(child?.point as CnnPoint)).toEqual([
      [16, 16],
      [24, 16],
      [8, 8],
    ]);
    const [one] = offspring('prune-channels', weak, { prunedCells: 1, prunedChannels: 4 });
    expect(one?.point.cells.map(({ channels }) => channels)).toEqual([20, 24, 8]);
    expect(offspring('prune-channels', { cells: [cell(8, [1], conv(0))] })).toEqual([]);
  });
});
