import { type Device, figure } from './device.ts';
import { CORTEX_A53, PI_PROCESSORS, SBC_BENCH, TOP500 } from './sources.ts';

const PROCESSOR = `${PI_PROCESSORS}/rp3a0.adoc`;

export const piZero2W: Device = {
  kind: 'pi-zero-2-w',
  summary: 'Raspberry Pi Zero 2 W: four Cortex-A53 at 1.0 GHz, 512 MB',
  matches: (model) => model.startsWith('Raspberry Pi Zero 2'),
  cores: figure(4, PROCESSOR),
  clockHz: figure(1.0e9, PROCESSOR),
  flopsPerClock: figure(8, CORTEX_A53),
  copyBytesPerS: figure(1300e6, `${SBC_BENCH} (1000 MHz)`),
  idlePowerW: figure(0.6, 'cnx-software.com, 2021-12-09, Otii Arc: 120 mA at 5 V'),
  busyPowerW: figure(2.1, `${TOP500} (issue 26), at the wall`),
};
