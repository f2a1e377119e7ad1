// A causal network of convolutions along time as data: cells, each a small graph of operations, each on half the rows
// of the one before. Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework",
// builds networks of such cells for images.
//
// Departs from CODEBench: edges that meet are added, never concatenated, so that the width of a cell does not depend on its
// graph; an operation keeps the width, and a projection before each cell leads to it.
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { operationOf, operationSchema } from './cnn-ops.ts';

const vertex = z.strictObject({
  operation: operationSchema,
  /** Its inputs: 0 is the input of the cell, n its n-th vertex; only earlier ones. */
  inputs: z.array(z.int().nonnegative()).min(1),
});

const cell = z.strictObject({
  channels: z.int().min(4).max(256).describe('Width'),
  activation: z.enum(['relu', 'silu']),
  vertices: z.array(vertex).min(1).max(6),
  /** The vertices whose sum is the output of the cell, numbered as for `inputs`; 0 is the residual. */
  output: z.array(z.int().nonnegative()).min(1),
});

export const cnnPointSchema = z.strictObject({ cells: z.array(cell).min(1).max(6) });

export type CnnVertex = z.infer<typeof vertex>;
export type CnnCell = z.infer<typeof cell>;
export type CnnPoint = z.infer<typeof cnnPointSchema>;

/** Rows of each cell, for windows of so many rows. */
export function rowsOfCells({ cells }: CnnPoint, rows: number): readonly number[] {
  return cells.map((_, i) => Math.floor(rows / 2 ** i));
}

/** Throws `ConfigError` that names the cell which is impossible with windows of so many rows. */
export function requireLegalCnn(point: CnnPoint, rows: number): void {
  if (point.cells.length === 0) {
    throw new ConfigError('the network has no cells: give it at least one', {
      code: 'SEN_CFG_DESIGN',
    });
  }
  for (const [i, left] of rowsOfCells(point, rows).entries()) {
    const fault = faultOf(point.cells[i] as CnnCell, left);
    if (fault) throw new ConfigError(`cell ${i + 1} ${fault}`, { code: 'SEN_CFG_DESIGN' });
  }
}

function faultOf({ vertices, output }: CnnCell, rows: number): string | undefined {
  if (rows < 1) return 'has no rows left: take fewer cells or a longer window';
  const read = new Set(output);
  for (const [i, { operation, inputs }] of vertices.entries()) {
    const span = operationOf(operation).span(operation);
    if (span > rows) {
      return `has a vertex ${i + 1} that spans ${span} rows where ${rows} are left: take a shorter one or a longer window`;
    }
    const fault = faultOfEdges(inputs, i);
    if (fault) return `has a vertex ${i + 1} that ${fault}`;
    for (const input of inputs) read.add(input);
  }
  const fault = faultOfEdges(output, vertices.length);
  if (fault) return `has an output that ${fault}`;
  const idle = vertices.findIndex((_, i) => !read.has(i + 1));
  if (idle < 0) return undefined;
  return `has a vertex ${idle + 1} that leads nowhere: name it in the output or in the inputs of a later one`;
}

/** `before` vertices may be read, and the cell's input. */
function faultOfEdges(inputs: readonly number[], before: number): string | undefined {
  if (inputs.length === 0) return 'reads nothing: name what it reads, 0 is the input of the cell';
  if (new Set(inputs).size < inputs.length) return `reads ${inputs.join(', ')}: name each once`;
  const late = inputs.find((input) => input > before);
  if (late === undefined) return undefined;
  return `reads vertex ${late}, which does not stand before it: name 0 to ${before}`;
}
