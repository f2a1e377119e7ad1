import { type Device, figure } from './device.ts';
import { PROTRAN, SBC_BENCH } from './sources.ts';

export const jetsonNano: Device = {
  kind: 'jetson-nano',
  summary: 'NVIDIA Jetson Nano 2GB, its processor alone: four Cortex-A57 at 1.43 GHz',
  matches: (model) => model.startsWith('NVIDIA Jetson Nano'),
  cores: figure(
    4,
    'github.com/HU-ICT-LAB/RobotWars wiki, Get started on using the NVIDIA Jetson Nano single board computer',
  ),
  clockHz: figure(1.43e9, `${SBC_BENCH} (1430 MHz)`),
  flopsPerClock: figure(
    8,
    'github.com/llvm/llvm-project, llvm/lib/Target/AArch64/AArch64SchedA57.td: FMLA of four lanes takes both of the two units',
  ),
  copyBytesPerS: figure(3680e6, `${SBC_BENCH} (1430 MHz)`),
  idlePowerW: figure(1.13, `${PROTRAN}: 1121 to 1142 mW before the runs of the GPU`),
  busyPowerW: figure(6.66, `${PROTRAN}: peak of the runs of the processor`),
};
