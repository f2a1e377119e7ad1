// The discriminators of a GON, which no tape holds: the input-space ascent of each member, the search for the nearest
// remembered window, and the projections of the linear members. Kernels run them in one call; here they are operations again.
//
// Notation   n inputs, h hidden width, M remembered windows, K components of a linear member
import {
  ascends,
  ascentOf,
  type GonDesign,
  type MemberDesign,
  shapeOf,
} from '../../../detectors/gon/design.ts';
import { MOST_COMPARED } from '../../../detectors/gon/memory.ts';
import type { DiscriminatorShape } from '../../../engine/discriminator-kernels.ts';
import { activation } from '../../../engine/ops/activation.ts';
import { add } from '../../../engine/ops/elements.ts';
import { linear } from '../../../engine/ops/linear.ts';
import { goesBack, scheduleOf } from '../../../engine/tape/schedule.ts';
import { Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import { type Work, WorkBuilder } from './graph.ts';
import { lower, lowerBack, lowerForward } from './index.ts';

/** Scoring of so many windows together, at the most steps of each ascent. */
export function gonWork(design: GonDesign, width: number, windows: number): Work {
  const { members, linear: line, rowSpan } = design;
  return joined([
    ...members.flatMap((member) => memberWorks(member, design, width, windows)),
    ...(line ? [projectionWork(line.length * width, line.components, windows)] : []),
    ...(rowSpan ? [projectionWork(width, rowSpan.components, windows)] : []),
  ]);
}

function memberWorks(
  member: MemberDesign,
  design: GonDesign,
  width: number,
  windows: number,
): readonly Work[] {
  const shape = shapeOf(member, design.slope, width);
  return member.paths.flatMap(({ route }) => {
    const { steps } = ascentOf(route, design);
    const search = route === 'mem' ? [searchWork(shape.inputs, design.memory, windows)] : [];
    const isAscent = ascends(member, design) && steps > 0;
    return isAscent ? [...search, ascentWork(shape, steps, windows)] : search;
  });
}

/** |x - m|^2 of all remembered windows, as a product and the norms that are known. */
function searchWork(inputs: number, memory: number, windows: number): Work {
  const tape = new Tape();
  const compared = Math.min(memory, MOST_COMPARED);
  const remembered = tape.parameter('memory.windows', [inputs, compared]);
  const squares = tape.parameter('memory.squares', [compared]);
  const distances = linear(tape, tape.input([windows, inputs]), remembered, squares);
  return lower({ tape, outputs: [distances] });
}

function projectionWork(inputs: number, components: number, windows: number): Work {
  const tape = new Tape();
  const mean = tape.parameter('linear.mean', [inputs]);
  const x = add(tape, tape.input([windows, inputs]), mean);
  const along = linear(tape, x, tape.parameter('linear.components', [inputs, components]));
  const back = linear(tape, along, tape.parameter('linear.back', [components, inputs]));
  return lower({ tape, outputs: [back] });
}

/**
 * So many steps: each the gradient of the logit by the input, a step along it, and the logit there; one logit before the first.
 * The weights are constants, so that no gradient leads to them.
 */
export function ascentWork(
  { inputs, hidden1, hidden2 }: DiscriminatorShape,
  steps: number,
  windows: number,
): Work {
  const tape = new Tape();
  const x = tape.input([windows, inputs], { gradient: true });
  const weights = (...shape: number[]): Tensor => tape.constant(shape, []);
  const layer = (from: Tensor, n: number, to: number) =>
    linear(tape, from, weights(n, to), weights(to));
  const first = activation(tape, layer(x, inputs, hidden1), 'leaky-relu');
  const second = activation(tape, layer(first, hidden1, hidden2), 'leaky-relu');
  const logit = layer(second, hidden2, 1);
  const { wanted } = scheduleOf(tape.steps, [logit], logit);
  const graph = new WorkBuilder(wanted);
  lowerForward(graph, tape.steps);
  for (let step = 0; step < steps; step += 1) {
    graph.forgetGradients();
    lowerBack(graph, tape.steps, logit, (one) => goesBack(one, wanted));
    graph.begin(`step ${step + 1}`);
    const moved = graph.add({
      ...{ kind: 'element', batch: 1, rows: windows, columns: inputs },
      reads: [...graph.valuesOf(x), ...graph.gradientOf(x)],
      output: { elements: x.size, role: 'activation', storage: x.storage },
    });
    graph.setValues(x, [moved]);
    lowerForward(graph, tape.steps);
  }
  const { operations, matrices } = graph;
  return { operations, matrices, outputs: [...graph.valuesOf(x), ...graph.valuesOf(logit)] };
}

/** One after the other; matrices are numbered anew. */
function joined(works: readonly Work[]): Work {
  const all = { operations: [], matrices: [], outputs: [] } as {
    -readonly [Part in keyof Work]: Work[Part][number][];
  };
  for (const { operations, matrices, outputs } of works) {
    const first = all.matrices.length;
    const moved = matrices.map((matrix) => ({ ...matrix, id: first + matrix.id }));
    const of = ({ id }: { readonly id: number }) => moved[id] as (typeof moved)[number];
    all.matrices.push(...moved);
    all.operations.push(
      ...operations.map((one) => ({ ...one, reads: one.reads.map(of), writes: of(one.writes) })),
    );
    all.outputs.push(...outputs.map(of));
  }
  return all;
}
