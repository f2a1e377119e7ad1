import { type Device, figure, GIB } from './device.ts';
import { ARM_GUIDES, SBC_BENCH, TOP500 } from './sources.ts';

const BRIEF = 'Raspberry Pi Zero 2 W product brief';

export const piZero2W: Device = {
  kind: 'pi-zero-2-w',
  summary: 'Raspberry Pi Zero 2 W: four Cortex-A53 at 1.0 GHz, 512 MB',
  matches: (model) => model.startsWith('Raspberry Pi Zero 2'),
  cores: figure(4, BRIEF),
  clockHz: figure(1.0e9, BRIEF),
  memoryBytes: figure(GIB / 2, BRIEF),
  flopsPerClock: figure(8, ARM_GUIDES),
  copyBytesPerS: figure(1300e6, `${SBC_BENCH} (1000 MHz)`),
  idlePowerW: figure(0.6, 'cnx-software.com, 2021-12-09, Otii Arc: 120 mA at 5 V'),
  busyPowerW: figure(2.1, `${TOP500} (issue 26)`),
};
