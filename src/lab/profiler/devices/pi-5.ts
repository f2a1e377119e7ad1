import { type Device, figure, GIB } from './device.ts';
import { ARM_GUIDES, SBC_BENCH, TOP500 } from './sources.ts';

const BRIEF = 'Raspberry Pi 5 product brief';

export const pi5: Device = {
  kind: 'pi-5',
  summary: 'Raspberry Pi 5: four Cortex-A76 at 2.4 GHz, 1 to 16 GB',
  matches: (model) => model.startsWith('Raspberry Pi 5'),
  cores: figure(4, BRIEF),
  clockHz: figure(2.4e9, BRIEF),
  memoryBytes: figure(8 * GIB, `${BRIEF}: the board of the other figures has 8 GB`),
  flopsPerClock: figure(16, ARM_GUIDES),
  copyBytesPerS: figure(5270e6, SBC_BENCH),
  idlePowerW: figure(3.25, 'github.com/iiab/iiab issue 4050: 0.65 A at 5 V'),
  busyPowerW: figure(11, `${TOP500} (issue 18)`),
};
