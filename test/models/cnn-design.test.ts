import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import { convolve } from '../../src/models/cnn.ts';
import {
  type CnnCell,
  type CnnPoint,
  cnnPointSchema,
  requireLegalCnn,
} from '../../src/models/cnn-design.ts';
import { operationOf } from '../../src/models/cnn-ops.ts';
import { cell, OPERATIONS } from './cnn-points.ts';

describe('legality of convolutional networks', () => {
  const convolution = { op: 'convolution', kernel: 9 } as const;
  const told = (point: CnnPoint, rows = 16) => expect(() => requireLegalCnn(point, rows));

  it('wants cells', () => {
    told({ cells: [] }).toThrow(ConfigError);
    told({ cells: [] }).toThrow('the network has no cells: give it at least one');
    expect(cnnPointSchema.safeParse({ cells: [] }).success).toBe(false);
  });

  it('names the cell and the vertex that spans more rows than are left', () => {
    const long = cell({ vertices: [{ operation: convolution, inputs: [0] }] });
    expect(() => requireLegalCnn({ cells: [long] }, 9)).not.toThrow();
    told({ cells: [cell(), long] }).toThrow(
      'cell 2 has a vertex 1 that spans 9 rows where 8 are left: take a shorter one or a longer window',
    );
    const skip = cell({ vertices: [{ operation: { op: 'skip' }, inputs: [0] }] });
    told({ cells: [skip, skip, skip] }, 3).toThrow('cell 3 has no rows left');
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
    expect(() => convolve(tape, { cells: [cell()] }, x)).toThrow(
      /^cell 1 has a vertex 1 that spans/,
    );
  });
});

describe('operations of vertices', () => {
  it('are looked up by their kind', () => {
    for (const operation of OPERATIONS) expect(operationOf(operation).kind).toBe(operation.op);
  });
});
