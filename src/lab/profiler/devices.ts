// Devices that are known before they are measured: figures from published sources. A measured profile replaces all of them.
// A new device is one constant and one word in the registry.
import { type Registry, registry } from '../../core/registry.ts';

/** A number and its source. */
interface Figure {
  readonly value: number;
  readonly source: string;
}

export interface Device {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Whether a machine with this model name and this Node architecture is such a device. */
  matches(model: string, architecture: string): boolean;
  readonly cores: Figure;
  readonly clockHz: Figure;
  /** Of one core in one clock: float32, a fused multiply-add counts as two. */
  readonly flopsPerClock: Figure;
  /** Of one core that copies memory, bytes per second. */
  readonly copyBytesPerS: Figure;
  /** At the input of the board, or at the wall if the source says so; absent = no reliable source. */
  readonly idlePowerW?: Figure;
  /** The same with all cores at work. */
  readonly busyPowerW?: Figure;
}

// Sources shared by several devices, as paths in repositories.

/** Cores and clock. */
const PI_PROCESSORS =
  'github.com/raspberrypi/documentation, documentation/asciidoc/computers/processors';

/** float32 FMLA or FMA only, one core, GFLOP/s; divided by the clock rate it gives operations per clock. */
const CPUFP = 'github.com/pigirons/cpufp, benchmark_result';

/** tinymembench, memcpy; at the clock of its row. */
const SBC_BENCH = 'github.com/ThomasKaiser/sbc-bench, Results.md';

/** HPL on all cores; mean power at the wall. */
const TOP500 = 'github.com/geerlingguy/top500-benchmark, README.md';

/** Traces of an INA219 in the results of ProTran. */
const PROTRAN =
  'github.com/JHA-Lab/protran, energy_profiler/tests/bert_tiny_sst2/power_results_*.pdf';

/** A meter between supply and board; read in copies of the page. */
const PIDRAMBLE =
  'pidramble.com, power consumption benchmarks, as in lumotechgateless.pages.dev/114740.html';

/** Cores of the same model do the same work per clock on every board. */
const CORTEX_A53 = `${CPUFP}/arm64/RockChip_RK3399.md: 11.26 GFLOP/s of a Cortex-A53, at 1.4 GHz by ${SBC_BENCH} (RockPro64)`;

/** The processors of the Zero 2 W and the 5, and the peak rate of the N100. */
const RP3A0 = `${PI_PROCESSORS}/rp3a0.adoc`;
const BCM2712 = `${PI_PROCESSORS}/bcm2712.adoc`;
const N100 = `${CPUFP}/x64/Intel_N100.md`;

const piZero2W: Device = {
  kind: 'pi-zero-2-w',
  summary: 'Raspberry Pi Zero 2 W: four Cortex-A53 at 1.0 GHz, 512 MB',
  matches: (model) => model.startsWith('Raspberry Pi Zero 2'),
  cores: figure(4, RP3A0),
  clockHz: figure(1.0e9, RP3A0),
  flopsPerClock: figure(8, CORTEX_A53),
  copyBytesPerS: figure(1300e6, `${SBC_BENCH} (1000 MHz)`),
  idlePowerW: figure(0.6, 'cnx-software.com, 2021-12-09, Otii Arc: 120 mA at 5 V'),
  busyPowerW: figure(2.1, `${TOP500} (issue 26), at the wall`),
};

const pi3BPlus: Device = {
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

const pi4B: Device = {
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

const pi5: Device = {
  kind: 'pi-5',
  summary: 'Raspberry Pi 5: four Cortex-A76 at 2.4 GHz, 1 to 16 GB',
  matches: (model) => model.startsWith('Raspberry Pi 5'),
  cores: figure(4, BCM2712),
  clockHz: figure(2.4e9, BCM2712),
  flopsPerClock: figure(16, `${CPUFP}/arm64/Broadcom_BCM2712.md: 38.369 GFLOP/s, at 2.4 GHz`),
  copyBytesPerS: figure(5270e6, `${SBC_BENCH} (2400 MHz, kernel 6.1)`),
  idlePowerW: figure(3.25, 'github.com/iiab/iiab issue 4050: 0.65 A at 5 V'),
  busyPowerW: figure(11, `${TOP500} (issue 18), at the wall`),
};

const jetsonNano: Device = {
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

/**
 * A small PC. Its power is not in the table: figures at the wall are of a whole PC, and its counters (RAPL) are more precise.
 */
const x86: Device = {
  kind: 'x86',
  summary: 'a small x86-64 PC: Intel N100, four cores at 3.4 GHz',
  matches: (_model, architecture) => architecture === 'x64',
  cores: figure(4, N100),
  clockHz: figure(3.4e9, `${TOP500} (issues 30, 38): 1x N100 @ 3.4 GHz`),
  flopsPerClock: figure(16, `${N100}: 54.247 GFLOP/s, at 3.4 GHz`),
  copyBytesPerS: figure(8140e6, `${SBC_BENCH} (Radxa X4, 3400 MHz)`),
};

export const devices: Registry<Device> = registry(piZero2W, pi3BPlus, pi4B, pi5, jetsonNano, x86);

/** The device of a machine of this model and architecture; undefined if it is not in the table. */
export function deviceOf(model: string, architecture: string): Device | undefined {
  return [...devices.values()].find((device) => device.matches(model, architecture));
}

function figure(value: number, source: string): Figure {
  return { value, source };
}
