// Puts the scores of a freshly trained GON on one scale, and collects the scores a threshold is fitted to. Both come
// from the tail that training did not see.
import { CalibrationError } from '../../core/errors.ts';
import { standardise, type Yardstick } from '../../detection/detectors/gon-design.ts';
import { GonMember } from '../../detection/detectors/gon-member.ts';
import { quantileOfSorted, sorted } from '../../engine/statistics.ts';
import type { TrainingContext } from '../trainer.ts';
import { breather } from './breath.ts';
import type { TrainingData } from './gon-data.ts';
import type { TrainedMembers } from './gon-members.ts';
import { windowAt, windowTable } from './window-table.ts';

/** Below this distance, in squared units of the scaler, differences are rounding. */
const LEAST_SPREAD = 1e-6;

export async function calibrate(
  { parts, design }: TrainedMembers,
  data: TrainingData,
  context: TrainingContext,
) {
  const bounds = [data.cut, data.series.timeMs.length] as const;
  const table = windowTable(data.series, data.rows, parts.windowLength, bounds);
  if (table.starts.length === 0) {
    throw new CalibrationError(
      `'${data.series.id}' has no unbroken window in its last ${bounds[1] - bounds[0]} rows: record without gaps`,
    );
  }
  const calibration = new Float64Array(table.starts.length);
  const breathe = breather(context.signal);
  const members: (TrainedMembers['design']['members'][number] & {
    rec: Yardstick;
    mem: Yardstick;
  })[] = [];
  for (const design_ of design.members) {
    const member = new GonMember(parts, design, design_, context.kernels);
    const rec = new Float64Array(table.starts.length);
    const mem = new Float64Array(table.starts.length);
    for (let i = 0; i < rec.length; i += 1) {
      member.measure(windowAt(table, i));
      rec[i] = member.rec.value;
      mem[i] = member.mem.value;
      await breathe();
    }
    const yardsticks = { rec: yardstickOf(rec), mem: yardstickOf(mem) };
    for (let i = 0; i < rec.length; i += 1) {
      calibration[i] =
        (calibration[i] as number) +
        standardise(rec[i] as number, yardsticks.rec) +
        standardise(mem[i] as number, yardsticks.mem);
    }
    members.push({ ...design_, ...yardsticks });
  }
  return { design: { ...design, members }, calibration };
}

function yardstickOf(distances: Float64Array): Yardstick {
  const ascending = sorted(distances);
  const median = quantileOfSorted(ascending, 0.5);
  return { median, spread: Math.max(quantileOfSorted(ascending, 0.99) - median, LEAST_SPREAD) };
}
