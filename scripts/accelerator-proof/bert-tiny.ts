// BERT-Tiny as jha-lab/acceltran has it: two layers of width 128, two heads of 64, feed-forward 512, 128 rows; without its
// embedding of words. Shapes alone, no weights.
import { meanSquaredError } from '../../src/engine/ops/losses.ts';
import { Tape } from '../../src/engine/tape/tape.ts';
import type { Work } from '../../src/lab/simulator/lowering/graph.ts';
import { lower } from '../../src/lab/simulator/lowering/index.ts';
import type { EncoderLayer } from '../../src/models/design-point.ts';
import { encode } from '../../src/models/encoder.ts';

const head = { op: 'attention', form: 'scaled' } as const;
const layer: EncoderLayer = { hidden: 128, heads: [head, head], feedForward: [512] };
export const BERT_TINY = { layers: [layer, layer] };
const ROWS = 128;

export function bertTiny(windows: number, mode: 'inference' | 'training'): Work {
  const tape = new Tape();
  const output = encode(tape, BERT_TINY, tape.input([windows, ROWS, 1]), {
    patch: 1,
  });
  if (mode === 'inference') return lower({ tape, outputs: [output] });
  const loss = meanSquaredError(tape, output, tape.input(output.shape));
  return lower({ tape, outputs: [output], loss });
}
