// Small random programs: tasks that read what earlier ones have made, in buffers that are often too small.
import { createRandom } from '../../../src/engine/random.ts';
import { type Accelerator, presets } from '../../../src/lab/simulator/accelerator.ts';
import {
  type Datum,
  NO_WORK,
  type Program,
  type Task,
  type Unit,
} from '../../../src/lab/simulator/task.ts';

const NONE = { activation: 0, weight: 0, mask: 0, memory: 0 };

export function randomProgram(seed: number): Program {
  const random = createRandom(seed);
  const upTo = (most: number): number => Math.floor(random.uniform() * most) + 1;
  const data: (Omit<Datum, 'readers'> & { readers: number[] })[] = [];
  const tasks: Task[] = [];
  const add = (inMemory: boolean): number => {
    const buffer = inMemory && upTo(3) > 1 ? 'weight' : 'activation';
    const size = { bytes: upTo(9), maskBytes: upTo(3), cycles: upTo(7) };
    const name = `datum ${data.length}`;
    return data.push({ name, buffer, ...size, inMemory, accesses: NONE, readers: [] }) - 1;
  };
  const known = [add(true)];
  const count = upTo(9);
  for (let i = 0; i < count; i += 1) {
    if (upTo(2) === 1) known.push(add(true));
    const reads = [...new Set([upTo(known.length), upTo(known.length)])].map(
      (n) => known[n - 1] as number,
    );
    for (const id of reads) data[id]?.readers.push(tasks.length);
    const unit = (['lane', 'lane', 'softmax', 'norm'] as Unit[])[upTo(4) - 1] as Unit;
    const tiles = Int32Array.from({ length: upTo(7) }, () => upTo(5));
    const common = {
      name: `task ${i}`,
      accesses: NONE,
      work: NO_WORK,
      macs: 0,
      issued: 0,
      padded: 0,
    };
    tasks.push({
      ...common,
      kind: 'product',
      unit,
      tiles,
      maskCycles: 0,
      reads,
      writes: -1,
      after: -1,
    });
    const writes = add(false);
    const isKept = upTo(6) > 1;
    const [store, maskCycles] = [Int32Array.of(upTo(4)), isKept ? upTo(5) : 0];
    const after = tasks.length - 1;
    const to = isKept ? ('store' as const) : ('memory' as const);
    tasks.push({
      ...common,
      kind: 'store',
      unit: to,
      tiles: store,
      maskCycles,
      reads: [],
      writes,
      after,
    });
    known.push(writes);
  }
  return {
    accelerator: presets.get('edge') as Accelerator,
    training: false,
    tasks,
    data,
    units: { lane: upTo(4), softmax: upTo(2), norm: 1, memory: 1, store: 1 },
    capacity: { activation: 6 + upTo(30), weight: 6 + upTo(20), mask: 3 + upTo(12) },
  };
}
