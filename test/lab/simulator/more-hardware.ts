// The law of `more-hardware` tests: an accelerator with more of something is never slower by more than a hundredth.
import { encoderBody, forecastNetwork } from '../../../src/detectors/networks/forecast.ts';
import { meanSquaredError } from '../../../src/engine/ops/losses.ts';
import { createRandom, type Random } from '../../../src/engine/random.ts';
import { enumerate } from '../../../src/lab/search/design-space/enumerate.ts';
import { readSpace } from '../../../src/lab/search/design-space/space.ts';
import type { TiledAccelerator } from '../../../src/lab/simulator/accelerator.ts';
import { run } from '../../../src/lab/simulator/engine.ts';
import type { Work } from '../../../src/lab/simulator/lowering/graph.ts';
import { lower } from '../../../src/lab/simulator/lowering/index.ts';
import { small } from '../../../src/lab/simulator/presets/acceltran.ts';
import { programOf } from '../../../src/lab/simulator/program.ts';
import { acceleratorAt, spaceSize } from '../../../src/lab/simulator/space.ts';
import { NO_ZEROS, PUBLISHED_ZEROS, Zeros } from '../../../src/lab/simulator/zeros.ts';

/** List scheduling may be a little slower with more units. */
const ALLOWED = 1.01;

const MORE: Readonly<Record<string, (one: TiledAccelerator) => TiledAccelerator>> = {
  elements: (one) => ({ ...one, elements: 2 * one.elements }),
  bandwidth: (one) => ({ ...one, memory: 'rram-32-2-1' }),
  'activation buffer': (one) => withBuffers(one, { activation: 4 }),
  'weight buffer': (one) => withBuffers(one, { weight: 4 }),
  'mask buffer': (one) => withBuffers(one, { mask: 4 }),
  'of all buffers': (one) => withBuffers(one, { activation: 4, weight: 4, mask: 4 }),
};

function withBuffers(
  one: TiledAccelerator,
  times: Partial<TiledAccelerator['bufferMb']>,
): TiledAccelerator {
  const { activation, weight, mask } = one.bufferMb;
  const { activation: a = 1, weight: w = 1, mask: m = 1 } = times;
  return { ...one, bufferMb: { activation: a * activation, weight: w * weight, mask: m * mask } };
}

const space = readSpace('proof');
const points = enumerate(space);

/** What is slower with more, in words, of `count` networks of the proof space on accelerators of the small one. */
export function slowerWithMore(count: number, seed: number): readonly string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => slowerOf(random)).flat();
}

function slowerOf(random: Random): readonly string[] {
  const accelerator = acceleratorAt(small, random.integer(spaceSize(small)));
  const training = random.integer(2) === 1;
  const zeros = new Zeros(random.integer(2) === 1 ? PUBLISHED_ZEROS : NO_ZEROS);
  const options = { training, zeros, lanes: 'window-32', order: 'bijk' } as const;
  const work = drawnWork(random, accelerator.batch, training);
  const cycles = (one: TiledAccelerator): number => run(programOf(work, one, options)).cycles;
  const before = cycles(accelerator);
  return Object.entries(MORE).flatMap(([what, more]) => {
    const after = cycles(more(accelerator));
    return after <= ALLOWED * before
      ? []
      : `${accelerator.name}, training ${training}: ${before} cycles, ${after} with more ${what}`;
  });
}

function drawnWork(random: Random, windows: number, training: boolean): Work {
  const point = points[random.integer(points.length)] as (typeof points)[number];
  const body = encoderBody({ point, patch: space.patch });
  const { tape, output } = forecastNetwork(body, { rows: space.rows, horizon: 1 }, 8, windows);
  if (!training) return lower({ tape, outputs: [output] });
  const loss = meanSquaredError(tape, output, tape.input(output.shape));
  return lower({ tape, outputs: [output], loss });
}
