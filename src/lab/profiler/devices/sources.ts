// Sources that several devices share. A place in a repository stands as its path.

/** Cores and clock. */
export const PI_PROCESSORS =
  'github.com/raspberrypi/documentation, documentation/asciidoc/computers/processors';

/** float32 FMLA or FMA without anything else, one core, GFLOP/s: over its clock, what it does in one. */
export const CPUFP = 'github.com/pigirons/cpufp, benchmark_result';

/** tinymembench, memcpy; at the clock of its row. */
export const SBC_BENCH = 'github.com/ThomasKaiser/sbc-bench, Results.md';

/** HPL on all cores; mean power at the wall. */
export const TOP500 = 'github.com/geerlingguy/top500-benchmark, README.md';

/** Traces of an INA219 in the results of ProTran. */
export const PROTRAN =
  'github.com/JHA-Lab/protran, energy_profiler/tests/bert_tiny_sst2/power_results_*.pdf';

/** A meter between supply and board; read in copies of the page. */
export const PIDRAMBLE =
  'pidramble.com, power consumption benchmarks, as in lumotechgateless.pages.dev/114740.html';

/** Armv8 cores of one make do the same in a clock wherever they are. */
export const CORTEX_A53 = `${CPUFP}/arm64/RockChip_RK3399.md: 11.26 GFLOP/s of a Cortex-A53, at 1.4 GHz by ${SBC_BENCH} (RockPro64)`;
