// Steps of fixed length along the gradient's direction, plain/ascent.ts `ascendNormalised`.
import { Discriminator, forwardHidden, inputGradients } from './discriminator';
import { floats } from './lanes';
import { dot, scaleAdd } from './rows';

export function stepNormalised(d: Discriminator, batch: i32, steps: i32, stepLength: f64): void {
  const n = d.inputs;
  for (let step = 0; step < steps; step++) {
    forwardHidden(d, d.z, batch);
    inputGradients(d, batch);
    for (let b = 0; b < batch; b++) {
      const row = floats(b * n);
      const gradient = d.inputGradient + row;
      const square = <f64>dot(gradient, gradient, n);
      if (square == 0.0) continue;
      scaleAdd(d.z + row, <f32>(stepLength / Math.sqrt(square)), gradient, d.z + row, n);
    }
  }
}
