import { type Device, figure, GIB } from './device.ts';
import { ARM_GUIDES, PIDRAMBLE, PROTRAN, SBC_BENCH } from './sources.ts';

const BRIEF = 'Raspberry Pi 4 Model B product brief';

export const pi4B: Device = {
  kind: 'pi-4b',
  summary: 'Raspberry Pi 4B: four Cortex-A72 at 1.8 GHz, 1 to 8 GB',
  matches: (model) => model.startsWith('Raspberry Pi 4 Model B'),
  cores: figure(4, BRIEF),
  clockHz: figure(1.8e9, `${SBC_BENCH}: 1800 MHz on revision C0 and later, 1500 MHz before`),
  memoryBytes: figure(4 * GIB, `${BRIEF}: 1, 2, 4 or 8 GB`),
  flopsPerClock: figure(8, ARM_GUIDES),
  copyBytesPerS: figure(2580e6, `${SBC_BENCH} (1800 MHz, arm64, kernel 5.15)`),
  idlePowerW: figure(2.2, `${PROTRAN}: 2117 to 2200 mW; chipwired.com: 2.2 to 2.3 W`),
  busyPowerW: figure(6.4, `${PIDRAMBLE}: 1280 mA, stress on four cores; ${PROTRAN}: peak 6.31 W`),
};
