import { type Device, figure, GIB } from './device.ts';
import { ARM_GUIDES, PROTRAN, SBC_BENCH } from './sources.ts';

const DATA_SHEET = 'NVIDIA Jetson Nano 2GB Developer Kit user guide';

export const jetsonNano: Device = {
  kind: 'jetson-nano',
  summary: 'NVIDIA Jetson Nano 2GB, its processor alone: four Cortex-A57 at 1.43 GHz',
  matches: (model) => model.startsWith('NVIDIA Jetson Nano'),
  cores: figure(4, DATA_SHEET),
  clockHz: figure(1.43e9, `${SBC_BENCH} (1430 MHz)`),
  memoryBytes: figure(2 * GIB, DATA_SHEET),
  flopsPerClock: figure(8, ARM_GUIDES),
  copyBytesPerS: figure(3680e6, `${SBC_BENCH} (1430 MHz)`),
  idlePowerW: figure(1.13, `${PROTRAN}: 1121 to 1142 mW before the runs of the GPU`),
  busyPowerW: figure(6.66, `${PROTRAN}: peak of the runs of the processor`),
};
