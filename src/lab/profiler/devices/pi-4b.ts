import { type Device, figure } from './device.ts';
import { CPUFP, PI_PROCESSORS, PIDRAMBLE, PROTRAN, SBC_BENCH } from './sources.ts';

export const pi4B: Device = {
  kind: 'pi-4b',
  summary: 'Raspberry Pi 4B: four Cortex-A72 at 1.8 GHz, 1 to 8 GB',
  matches: (model) => model.startsWith('Raspberry Pi 4 Model B'),
  cores: figure(4, `${PI_PROCESSORS}/bcm2711.adoc`),
  clockHz: figure(
    1.8e9,
    `${SBC_BENCH}: 1800 MHz on revision C0 and later, 1500 MHz before by default`,
  ),
  flopsPerClock: figure(
    8,
    `${CPUFP}/arm64/Broadcom_BCM2711.md: 11.958 GFLOP/s, at 1.5 GHz by ${PI_PROCESSORS}/bcm2711.adoc`,
  ),
  copyBytesPerS: figure(2580e6, `${SBC_BENCH} (1800 MHz, arm64, kernel 5.15)`),
  idlePowerW: figure(2.2, `${PROTRAN}: 2117 to 2200 mW; chipwired.com: 2.2 to 2.3 W`),
  busyPowerW: figure(6.4, `${PIDRAMBLE}: 1280 mA, stress on four cores; ${PROTRAN}: peak 6.31 W`),
};
