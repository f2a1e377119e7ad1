import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { convolve } from '../../src/models/cnn.ts';
import {
  type CnnCell,
  type CnnPoint,
  cnnPointSchema,
  columnsOf,
  operationNames,
  reachOfCnn,
  requireLegalCnn,
} from '../../src/models/cnn-design.ts';
import { OPERATIONS, type Operation, operationOf } from '../../src/models/cnn-ops.ts';
import { cell } from './cnn-points.ts';

describe('legality of convolutional networks', () => {
  const convolution = { op: 'convolution', kernel: 9 } as const;
  const told = (point: CnnPoint, rows = 16) => expect(() => requireLegalCnn(point, rows));

  it('wants cells', () => {
    told({ cells: [] }).toThrow(ConfigError);
    told({ cells: [] }).toThrow('the network has no cells: give it at least one');
    expect(cnnPointSchema.safeParse({ cells: [] }).success).toBe(false);
  });

  it('names the cell that has no rows left, and lets kernels be longer than the window', () => {
    const long = cell({ vertices: [{ operation: convolution, inputs: [0] }] });
    expect(() => requireLegalCnn({ cells: [cell(), long] }, 4)).not.toThrow();
    const skip = cell({ vertices: [{ operation: { op: 'skip' }, inputs: [0] }] });
    told({ cells: [skip, skip, skip] }, 3).toThrow('cell 3 has no rows left');
    told({ cells: [cell({ stride: 17 })] }).toThrow(
      'cell 1 has no rows left: take fewer cells, shorter strides or a longer window',
    );
  });

  it('names vertices that lead nowhere', () => {
    const [vertex] = cell().vertices as [CnnCell['vertices'][number]];
    const idle = cell({ vertices: [vertex, vertex], output: [0, 2] });
    told({ cells: [cell(), idle] }).toThrow('cell 2 has a vertex 1 that leads nowhere');
  });

  it('names edges that cannot be', () => {
    const [vertex] = cell().vertices as [CnnCell['vertices'][number]];
    const at = (inputs: number[]) => cell({ vertices: [{ ...vertex, inputs }] });
    told({ cells: [at([1])] }).toThrow(
      'cell 1 has a vertex 1 that reads vertex 1, which does not stand before it: name 0 to 0',
    );
    told({ cells: [at([0, 0])] }).toThrow('cell 1 has a vertex 1 that reads 0, 0: name each once');
    told({ cells: [at([])] }).toThrow('cell 1 has a vertex 1 that reads nothing');
    told({ cells: [cell({ output: [1, 2] })] }).toThrow('cell 1 has an output that reads vertex 2');
  });

  it('is asked before a network is built', () => {
    const tape = new Tape();
    const x = tape.input([1, 2, 1]);
    expect(() => convolve(tape, { cells: [cell({ stride: 3 })] }, x)).toThrow(
      'cell 1 has no rows left',
    );
  });
});

describe('operations of vertices', () => {
  it('have names of their own', () => {
    expect(operationNames).toEqual([
      ...['convolution-3', 'convolution-5', 'convolution-9', 'dilated', 'separable'],
      ...['pool-max', 'pool-mean', 'skip'],
    ]);
  });

  it('are looked up by their kind', () => {
    for (const operation of OPERATIONS) expect(operationOf(operation).kind).toBe(operation.op);
  });
});

describe('columns in a cell', () => {
  const reads = (inputs: number[], channels?: number, op: Operation = { op: 'skip' }) => ({
    ...{ operation: op, inputs },
    ...(channels !== undefined && { channels }),
  });
  const pool = { op: 'pool', of: 'max' } as const;

  it('raise vertices that feed one sum to the widest of them, and project what cannot be made wider', () => {
    const vertices = [reads([0], 16), reads([0], 32), reads([0], 8, pool), reads([0, 1, 2, 3], 4)];
    const columns = columnsOf({ channels: 8, vertices, output: [4] }, 'concatenate');
    expect(columns.made).toEqual([8, 32, 32, 8, 4]);
    expect(columns.read[3]).toEqual({ columns: 32, raised: [0, 3] });
  });

  it('raise along chains of sums', () => {
    // 1 feeds a sum with 2, 2 feeds one with 3.
    const vertices = [reads([0], 8), reads([0], 8), reads([0], 32), reads([1, 2]), reads([2, 3])];
    const columns = columnsOf({ channels: 8, vertices, output: [4, 5] }, 'concatenate');
    expect(columns.made).toEqual([8, 32, 32, 32, 8, 8]);
  });

  it('give pools those of what they read, whatever the pool itself says', () => {
    const vertices = [reads([0], 16), reads([1], 64, pool), reads([2], 64, pool)];
    expect(columnsOf({ channels: 8, vertices, output: [3] }, 'sum').made).toEqual([8, 16, 16, 16]);
  });

  it('stand side by side at an output that concatenates, with the residual projected to all of them', () => {
    const vertices = [reads([0], 16), reads([0], 8)];
    const cell = { channels: 8, vertices, output: [0, 1, 2] };
    expect(columnsOf(cell, 'concatenate').output).toEqual({ columns: 24, raised: [0] });
    expect(columnsOf(cell, 'sum').output).toEqual({ columns: 16, raised: [0] });
    expect(columnsOf(cell, 'sum').made).toEqual([8, 16, 16]);
  });
});

describe('the reach of a network', () => {
  it('is that of its longest way', () => {
    const convolutions = [0, 1].map((from) => ({ operation: convolution9, inputs: [from] }));
    const skip = { operation: { op: 'skip' } as const, inputs: [0] };
    expect(
      reachOfCnn({ cells: [cell({ vertices: [...convolutions, skip], output: [2, 3] })] }),
    ).toBe(17);
    const two = cell({ vertices: [convolutions[0] as CnnCell['vertices'][number]], output: [1] });
    expect(reachOfCnn({ cells: [two, two] })).toBe(26);
    expect(reachOfCnn({ cells: [two, { ...two, stride: 1 }] })).toBe(17);
  });
});

const convolution9 = { op: 'convolution', kernel: 9 } as const;
