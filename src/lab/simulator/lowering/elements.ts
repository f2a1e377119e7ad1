// Steps element by element or row by row: activations, norms, sums and products of elements, losses, and those that only
// move rows or columns, which cost an accelerator nothing but addresses.
import type { Step } from '../../../engine/tape/tape.ts';
import { asRows, type Tensor } from '../../../engine/tape/tensor.ts';
import type { Matrix, Pass, StepLowering, WorkBuilder } from './graph.ts';
import { inputOf, windowsOf } from './products.ts';

type PassKind = Pass['kind'];

/** Adds a pass over the whole of a tensor, whose values it makes. */
function pass(
  graph: WorkBuilder,
  kind: PassKind,
  { inputs, output }: Step,
  more: Partial<Pick<Pass, 'times' | 'macs' | 'computes'>> = {},
): void {
  const { windows, rows, columns } = windowsOf(output);
  const made = graph.add({
    ...{ kind, batch: windows, rows, columns, ...more },
    reads: inputs.flatMap((tensor) => graph.valuesOf(tensor)),
    output: { elements: output.size, role: 'activation', storage: output.storage },
  });
  graph.setValues(output, [made]);
}

/** Adds a pass to the gradient of one input. */
function passBack(
  graph: WorkBuilder,
  kind: PassKind,
  step: Step,
  to: Tensor,
  {
    part = 'dX',
    reads = [],
    ...more
  }: {
    readonly part?: string;
    readonly reads?: readonly Matrix[];
    readonly times?: number;
    readonly macs?: number;
  } = {},
): void {
  const { windows, rows, columns } = windowsOf(step.output.size >= to.size ? step.output : to);
  graph.addGradient(to, (before) => [
    graph.add(
      {
        ...{ kind, part, batch: windows, rows, columns, ...more },
        reads: [...graph.gradientOf(step.output), ...reads, ...before],
        output: { elements: to.size, role: 'gradient' },
      },
      to.storage.kind === 'parameter',
    ),
  ]);
}

/** One cycle a tile; the slope is kept, and the way back multiplies by it. */
export const activation: StepLowering = {
  forward: (graph, step) =>
    pass(graph, 'nonlinearity', step, { computes: String(step.attributes?.['activation']) }),
  back(graph, step) {
    const x = inputOf(step, 0);
    passBack(graph, 'nonlinearity', step, x, { reads: graph.valuesOf(step.output) });
  },
};

export const softmax: StepLowering = {
  forward: (graph, step) => pass(graph, 'softmax', step),
  back: (graph, step) =>
    passBack(graph, 'softmax', step, inputOf(step, 0), { reads: graph.valuesOf(step.output) }),
};

/** The way back takes each tile twice: once for the sums of its rows, once for the gradient. */
export const layerNorm: StepLowering = {
  forward: (graph, step) => pass(graph, 'norm', step),
  back(graph, step) {
    const [x, gain, bias] = [inputOf(step, 0), inputOf(step, 1), inputOf(step, 2)];
    const reads = [...graph.valuesOf(x), ...graph.valuesOf(gain)];
    passBack(graph, 'norm', step, x, { reads, times: 2 });
    passBack(graph, 'element', step, gain, { part: 'dGain', reads: graph.valuesOf(x) });
    passBack(graph, 'element', step, bias, { part: 'dBias' });
  },
};

export const add: StepLowering = {
  forward: (graph, step) => pass(graph, 'element', step),
  back(graph, step) {
    const [a, b] = [inputOf(step, 0), inputOf(step, 1)];
    passes(graph, step, a);
    if (b.size === a.size) passes(graph, step, b);
    else passBack(graph, 'element', step, b, { part: 'dB' });
  },
};

/** A gradient that goes on unchanged: no work, unless it meets another. */
function passes(graph: WorkBuilder, step: Step, to: Tensor): void {
  const isWeights = to.storage.kind === 'parameter';
  if (!graph.wants(to)) return;
  if (isWeights) passBack(graph, 'element', step, to);
  else if (graph.gradientOf(to).length > 0) passBack(graph, 'element', step, to, { part: 'sum' });
  else graph.addGradient(to, () => graph.gradientOf(step.output));
}

export const multiplyElements: StepLowering = {
  forward: (graph, step) => pass(graph, 'element', step, { macs: step.output.size }),
  back(graph, step) {
    const [a, b] = [inputOf(step, 0), inputOf(step, 1)];
    const macs = step.output.size;
    passBack(graph, 'element', step, a, { part: 'dA', reads: graph.valuesOf(b), macs });
    passBack(graph, 'element', step, b, { part: 'dB', reads: graph.valuesOf(a), macs });
  },
};

export const scale: StepLowering = {
  forward: (graph, step) => pass(graph, 'element', step),
  back: (graph, step) => passBack(graph, 'element', step, inputOf(step, 0)),
};

/** Values as they are; the gradient is scaled. */
export const gradientScale: StepLowering = {
  forward: moves,
  back: (graph, step) => passBack(graph, 'element', step, inputOf(step, 0)),
};

/** Drops elements while the network learns; while it scores, values go through. */
export const dropout: StepLowering = {
  forward: (graph, step) =>
    graph.wants(step.output) ? pass(graph, 'element', step) : moves(graph, step),
  back: (graph, step) => passBack(graph, 'element', step, inputOf(step, 0)),
};

function moves(graph: WorkBuilder, { inputs, output }: Step): void {
  graph.setValues(
    output,
    inputs.flatMap((tensor) => graph.valuesOf(tensor)),
  );
}

/** Slices and concatenations: other addresses of the same numbers. */
export const addressed: StepLowering = {
  forward: moves,
  back(graph, step) {
    for (const tensor of step.inputs) passes(graph, step, tensor);
  },
};

/** Sums over all elements; the way back multiplies the slopes that were kept. */
export const loss: StepLowering = {
  forward(graph, step) {
    const [rows, columns] = asRows(inputOf(step, 0));
    const made = graph.add({
      ...{ kind: 'element', batch: 1, rows, columns, times: step.inputs.length },
      reads: step.inputs.flatMap((tensor) => graph.valuesOf(tensor)),
      output: { elements: 1, role: 'activation', storage: step.output.storage },
    });
    graph.setValues(step.output, [made]);
  },
  back(graph, step) {
    for (const tensor of step.inputs) {
      passBack(graph, 'element', step, tensor, { reads: graph.valuesOf(tensor) });
    }
  },
};
