// A step of training on AccelBench's accelerators, of which CODEBench publishes inference alone.
import { describe, expect, it } from 'vitest';
import type { UnrolledAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import { costModelOf } from '../../../src/lab/simulator/hardware.ts';
import { type DesignInShape, networkOfShape } from '../../../src/lab/simulator/networks.ts';
import { accelbenchVectors } from '../../../src/lab/simulator/presets/accelbench.ts';
import { vectorAccelerator } from '../../../src/lab/simulator/presets/vectors.ts';
import { NO_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';
import type { CnnCell } from '../../../src/models/cnn-design.ts';
import { walked } from './walked-nest.ts';

const numbers = [2, 16, 8, 8, 3, 1, 12, 24, 0];
const usual = vectorAccelerator(accelbenchVectors, numbers, 'gelu') as UnrolledAccelerator;
const options = {
  ...{ training: true, zeros: new Zeros(NO_ZEROS) },
  ...({ lanes: 'window-32', order: 'bijk' } as const),
};

describe('training on accelbench', () => {
  it('takes the ways back of a convolution as convolutions, whose loops are those of their sums', () => {
    const point = {
      cells: [
        {
          ...{ channels: 16, activation: 'relu', output: [2] },
          vertices: [
            { operation: { op: 'convolution', kernel: 3 }, inputs: [0], channels: 8 },
            { operation: { op: 'separable' }, inputs: [1] },
          ],
        } as CnnCell,
      ],
      norm: 'none',
    } as const;
    const [windows, rows] = [3, 32];
    const shape = { point, rows, width: 5, patch: 1, horizon: 1 } as unknown as DesignInShape;
    const { operations } = networkOfShape(shape, 'the design', windows).work('training');
    const costs = costModelOf(usual, options);
    const found = operations.flatMap((one) =>
      one.kind === 'convolution' ? [[one.name, costs.costOf(one).tiles[0]]] : [],
    );
    const groups = 1;
    const channelwise = { windows, rows, columns: 1, inner: 1, taps: 5, groups: 8 };
    expect(Object.fromEntries(found)).toEqual({
      'cell1.vertex1': walked({ windows, rows, columns: 8, inner: 16, taps: 3, groups }, usual),
      // Of each tap a matrix of 16 x 8, summed over all rows of all windows.
      'cell1.vertex1 dW': walked(
        { windows: 1, rows: 16, columns: 8, inner: windows * rows, taps: 3, groups },
        usual,
      ),
      // Summed over the 8 channels that the gradient has.
      'cell1.vertex1 dX': walked({ windows, rows, columns: 16, inner: 8, taps: 3, groups }, usual),
      'cell1.vertex2.depth': walked(channelwise, usual),
      'cell1.vertex2.depth dW': walked(channelwise, usual),
      'cell1.vertex2.depth dX': walked(channelwise, usual),
    });
  });
});
