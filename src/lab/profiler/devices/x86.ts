import { type Device, figure, GIB } from './device.ts';
import { TOP500 } from './sources.ts';

const ARK = 'Intel Processor N100 specifications';

/**
 * A small PC. Its power is not in the table: figures at the wall are of a whole PC, and its own counters (RAPL) tell more.
 */
export const x86: Device = {
  kind: 'x86',
  summary: 'a small x86-64 PC: Intel N100, four cores at 3.4 GHz',
  matches: (_model, architecture) => architecture === 'x64',
  cores: figure(4, ARK),
  clockHz: figure(3.4e9, `${TOP500} (issues 30, 38): 1x N100 @ 3.4 GHz`),
  memoryBytes: figure(8 * GIB, 'github.com/geerlingguy/sbc-reviews issue 48: Radxa X4 as tested'),
  flopsPerClock: figure(
    16,
    'two fused multiplications and additions of 128 bits a clock: Intel 64 and IA-32 Architectures Optimization Reference Manual',
  ),
};
