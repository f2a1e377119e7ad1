// A simulation with what it was made of, as the JSON that `sentigon simulate --out` writes and `sentigon report` reads.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import { type Accelerator, parseAccelerator } from '../../lab/simulator/accelerator.ts';
import type { Simulation } from '../../lab/simulator/simulate.ts';
import { UNITS } from '../../lab/simulator/task.ts';
import { LANE_MODELS, type LaneModel } from '../../lab/simulator/tiles.ts';
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
  /** Whether the shares are what the training of the model left out. */
  readonly sharesOfTraining?: boolean;
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

const number = z.number();
const energies = { dynamicJ: number, leakageJ: number.optional() };
/** The parts that are drawn or printed. */
const simulationSchema = z.looseObject({
  simulated: z.literal(true),
  ...{ cycles: number, latencyS: number, areaMm2: number },
  macs: z.looseObject({ all: number, issued: number, skipped: number, padded: number }),
  energy: z.looseObject({
    ...{ dynamicJ: number, leakageJ: number },
    modules: z.array(
      z.looseObject({
        ...{ module: z.string(), count: number, use: number, ...energies },
        idleLeakageJ: number.optional(),
      }),
    ),
    operations: z.array(z.looseObject({ kind: z.string(), times: number, dynamicJ: number })),
  }),
  bounds: z.looseObject({ compute: number, memory: number, path: number }),
  laneCycles: z.record(z.enum(LANE_MODELS), number),
  use: z.record(z.enum(UNITS), z.looseObject({ busy: number, stalled: number, idle: number })),
  stalls: z.array(z.looseObject({ reason: z.string(), cycles: number })),
  timeline: z.array(
    z.looseObject({
      ...{ name: z.string(), kind: z.string(), unit: z.enum(UNITS), begin: number, end: number },
    }),
  ),
});

const file = z.looseObject({
  ...{ network: z.string(), windows: number, mode: z.string(), order: z.string() },
  ...{ lanes: z.string(), masksFrom: z.string().optional(), simulation: simulationSchema },
  sharesOfTraining: z.boolean().optional(),
  shares: z.looseObject({ weight: number, activation: number, gradient: number }),
  accelerator: z.looseObject({}),
  orders: z
    .array(z.looseObject({ order: z.string(), cycles: number, dynamicJ: number }))
    .optional(),
  measured: z
    .looseObject({
      ...{ device: z.string(), latencyS: number, isMeasured: z.boolean() },
      energyJ: number.optional(),
    })
    .optional(),
});

/**
 * Undefined for a file that is no simulation, or cannot be read. Throws `ConfigError` for a simulation that lacks a part, or whose
 * accelerator is broken.
 */
export function readSimulation(path: string): SimulationFile | undefined {
  const json = jsonOf(path);
  if (!z.object({ format: z.literal(SIMULATION_FORMAT) }).safeParse(json).success) return undefined;
  const parsed = file.safeParse(json);
  if (!parsed.success) {
    const [fault] = faultTexts(parsed.error, json);
    throw new ConfigError(
      `${path} is a broken simulation (${fault}): run \`sentigon simulate\` again`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
  const accelerator = parseAccelerator(JSON.stringify(parsed.data.accelerator), path);
  return { ...parsed.data, accelerator } as unknown as SimulationFile; // our own format, whose parts that are drawn were checked
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readWholeText(path));
  } catch {
    return undefined; // who reads it as something else says why not
  }
}
