import { type Device, figure } from './device.ts';
import { CPUFP, PI_PROCESSORS, SBC_BENCH, TOP500 } from './sources.ts';

const PROCESSOR = `${PI_PROCESSORS}/bcm2712.adoc`;

export const pi5: Device = {
  kind: 'pi-5',
  summary: 'Raspberry Pi 5: four Cortex-A76 at 2.4 GHz, 1 to 16 GB',
  matches: (model) => model.startsWith('Raspberry Pi 5'),
  cores: figure(4, PROCESSOR),
  clockHz: figure(2.4e9, PROCESSOR),
  flopsPerClock: figure(16, `${CPUFP}/arm64/Broadcom_BCM2712.md: 38.369 GFLOP/s, at 2.4 GHz`),
  copyBytesPerS: figure(5270e6, `${SBC_BENCH} (2400 MHz, kernel 6.1)`),
  idlePowerW: figure(3.25, 'github.com/iiab/iiab issue 4050: 0.65 A at 5 V'),
  busyPowerW: figure(11, `${TOP500} (issue 18), at the wall`),
};
