// The plain twin of assembly/tape/layer-norm.ts; engine/tape/kernels/elements.ts describes them.
//
// Notation   z = (x - mean) r, r = 1 / sqrt(variance + epsilon); `moments` holds mean and r of each row
import type { Floats } from '../../../floats.ts';
import type { LayerNormKernels } from '../../../tape/kernels/elements.ts';

export function plainLayerNorm(memory: Floats): LayerNormKernels {
  const at = (place: number): number => memory[place] as number;
  const meanOf = (count: number, term: (j: number) => number): number => {
    let sum = 0;
    for (let j = 0; j < count; j++) sum += term(j);
    return sum / count;
  };
  return {
    normaliseRows(to, moments, from, gain, bias, rows, columns, epsilon) {
      for (let i = 0; i < rows; i++) {
        const row = from + i * columns;
        const mean = meanOf(columns, (j) => at(row + j));
        const r = 1 / Math.sqrt(meanOf(columns, (j) => (at(row + j) - mean) ** 2) + epsilon);
        for (let j = 0; j < columns; j++) {
          const z = (at(row + j) - mean) * r;
          memory[to + i * columns + j] = z * at(gain + j) + at(bias + j);
        }
        memory[moments + 2 * i] = mean;
        memory[moments + 2 * i + 1] = r;
      }
    },
    normaliseRowsBack(to, gradient, from, gain, moments, rows, columns) {
      for (let i = 0; i < rows; i++) {
        const [mean, r] = [at(moments + 2 * i), at(moments + 2 * i + 1)];
        const row = i * columns;
        const z = (j: number): number => (at(from + row + j) - mean) * r;
        const d = (j: number): number => at(gradient + row + j) * at(gain + j);
        const meanOfD = meanOf(columns, d);
        const meanOfProduct = meanOf(columns, (j) => d(j) * z(j));
        for (let j = 0; j < columns; j++) {
          const place = to + row + j;
          memory[place] = at(place) + r * (d(j) - meanOfD - z(j) * meanOfProduct);
        }
      }
    },
    normaliseWeightsBack(gain, bias, gradient, from, moments, rows, columns) {
      for (let j = 0; j < columns; j++) {
        let [ofProduct, ofD] = [0, 0];
        for (let i = 0; i < rows; i++) {
          const d = at(gradient + i * columns + j);
          const [mean, r] = [at(moments + 2 * i), at(moments + 2 * i + 1)];
          ofD += d;
          ofProduct += d * (at(from + i * columns + j) - mean) * r;
        }
        if (gain !== 0) memory[gain + j] = at(gain + j) + ofProduct;
        if (bias !== 0) memory[bias + j] = at(bias + j) + ofD;
      }
    },
  };
}
