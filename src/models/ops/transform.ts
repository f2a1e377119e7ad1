import { cosineMix, fourierMix } from '../../engine/ops/mixes.ts';
import type { Head } from '../design-point.ts';
import type { EncoderOp } from './encoder-op.ts';
import { project } from './project.ts';

/** Fixed mixing over rows and columns of each head, nothing learned but the values that are mixed. */
export const transform: EncoderOp<Extract<Head, { op: 'transform' }>> = {
  kind: 'transform',
  mix(tape, x, { basis }, { count, width, name }) {
    const values = project(tape, x, count * width, `${name}.value`);
    const mix = basis === 'dft' ? fourierMix : cosineMix;
    return mix(tape, values, { heads: count });
  },
  macs(rows, hidden, { basis }, { count, width }) {
    const columns = count * width;
    const once = rows * columns * (rows + width);
    return rows * hidden * columns + (basis === 'dft' ? 2 * once : once);
  },
};
