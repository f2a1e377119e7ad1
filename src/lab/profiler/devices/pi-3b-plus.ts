import { type Device, figure, GIB } from './device.ts';
import { ARM_GUIDES, PIDRAMBLE, SBC_BENCH } from './sources.ts';

const BRIEF = 'Raspberry Pi 3 Model B+ product brief';

export const pi3BPlus: Device = {
  kind: 'pi-3b-plus',
  summary: 'Raspberry Pi 3B+: four Cortex-A53 at 1.4 GHz, 1 GB',
  matches: (model) => model.startsWith('Raspberry Pi 3 Model B Plus'),
  cores: figure(4, BRIEF),
  clockHz: figure(1.4e9, BRIEF),
  memoryBytes: figure(GIB, BRIEF),
  flopsPerClock: figure(8, ARM_GUIDES),
  copyBytesPerS: figure(1130e6, `${SBC_BENCH} (normal)`),
  idlePowerW: figure(1.9, `${PIDRAMBLE}: 350 mA`),
  busyPowerW: figure(5.1, `${PIDRAMBLE}: 980 mA, stress on four cores`),
};
