// A simulation with what it was made of, as the JSON that `sentigon simulate --json` prints and `sentigon report` reads.
import { z } from 'zod';
import { readWholeText } from '../../io/files/whole-file.ts';
import { type Accelerator, parseAccelerator } from '../../lab/simulator/accelerator.ts';
import type { Simulation } from '../../lab/simulator/simulate.ts';
import type { LaneModel } from '../../lab/simulator/tiles.ts';
import type { Shares } from '../../lab/simulator/zeros.ts';
import type { Measured } from './inputs.ts';

export const SIMULATION_FORMAT = 'sentigon-simulation/1';

export interface SimulationFile {
  readonly format: typeof SIMULATION_FORMAT;
  readonly network: string;
  readonly windows: number;
  readonly mode: 'inference' | 'training';
  readonly order: string;
  readonly lanes: LaneModel;
  /** Shares that are not 0 where no masks are known; and the data that masks come from. */
  readonly shares: Shares;
  readonly masksFrom?: string;
  readonly accelerator: Accelerator;
  readonly simulation: Simulation;
  /** Cycles in each order of the loops, if they were asked for. */
  readonly orders?: readonly {
    readonly order: string;
    readonly cycles: number;
    readonly dynamicJ: number;
  }[];
  readonly measured?: Measured;
}

const numbers = z.looseObject({ cycles: z.number(), latencyS: z.number(), areaMm2: z.number() });
const file = z.looseObject({
  format: z.literal(SIMULATION_FORMAT),
  network: z.string(),
  simulation: numbers.extend({
    simulated: z.literal(true),
    stalls: z.array(z.looseObject({ reason: z.string(), cycles: z.number() })),
    timeline: z.array(z.looseObject({ name: z.string(), begin: z.number(), end: z.number() })),
  }),
});

/** Undefined for a file that is no simulation, or cannot be read. Throws `ConfigError` for one whose accelerator is broken. */
export function readSimulation(path: string): SimulationFile | undefined {
  const parsed = file.safeParse(jsonOf(path));
  if (!parsed.success) return undefined;
  parseAccelerator(JSON.stringify(parsed.data['accelerator']), path);
  return parsed.data as unknown as SimulationFile; // our own format, whose parts that are drawn were checked
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readWholeText(path));
  } catch {
    return undefined; // who reads it as something else says why not
  }
}
