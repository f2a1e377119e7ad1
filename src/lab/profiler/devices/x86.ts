import { type Device, figure } from './device.ts';
import { CPUFP, SBC_BENCH, TOP500 } from './sources.ts';

const PEAK = `${CPUFP}/x64/Intel_N100.md`;

/**
 * A small PC. Its power is not in the table: figures at the wall are of a whole PC, and its own counters (RAPL) tell more.
 */
export const x86: Device = {
  kind: 'x86',
  summary: 'a small x86-64 PC: Intel N100, four cores at 3.4 GHz',
  matches: (_model, architecture) => architecture === 'x64',
  cores: figure(4, PEAK),
  clockHz: figure(3.4e9, `${TOP500} (issues 30, 38): 1x N100 @ 3.4 GHz`),
  flopsPerClock: figure(16, `${PEAK}: 54.247 GFLOP/s, at 3.4 GHz`),
  copyBytesPerS: figure(8140e6, `${SBC_BENCH} (Radxa X4, 3400 MHz)`),
};
