import { type Device, figure } from './device.ts';
import { CORTEX_A53, PI_PROCESSORS, PIDRAMBLE, SBC_BENCH } from './sources.ts';

export const pi3BPlus: Device = {
  kind: 'pi-3b-plus',
  summary: 'Raspberry Pi 3B+: four Cortex-A53 at 1.4 GHz, 1 GB',
  matches: (model) => model.startsWith('Raspberry Pi 3 Model B Plus'),
  cores: figure(4, `${PI_PROCESSORS}/bcm2837.adoc, whose cores the BCM2837B0 has`),
  clockHz: figure(1.4e9, `${PI_PROCESSORS}/bcm2837b0.adoc`),
  flopsPerClock: figure(8, CORTEX_A53),
  copyBytesPerS: figure(1130e6, `${SBC_BENCH} (normal; 1050 in another row)`),
  idlePowerW: figure(1.9, `${PIDRAMBLE}: 350 mA`),
  busyPowerW: figure(5.1, `${PIDRAMBLE}: 980 mA, stress on four cores`),
};
