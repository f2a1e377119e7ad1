// Sources that several devices share.

/** tinymembench, memcpy; at the clock of its row. */
export const SBC_BENCH = 'github.com/ThomasKaiser/sbc-bench, Results.md';

/** HPL on all cores; mean power, mostly at the wall. */
export const TOP500 = 'github.com/geerlingguy/top500-benchmark, README.md';

/** Traces of an INA219 in the results of ProTran. */
export const PROTRAN =
  'github.com/JHA-Lab/protran, energy_profiler/tests/bert_tiny_sst2/power_results_*.pdf';

export const PIDRAMBLE = 'pidramble.com, power consumption benchmarks';

/** ASIMD floating-point multiply-accumulate of four lanes a clock, once (A53, A57, A72) or twice (A76). */
export const ARM_GUIDES = 'Arm Cortex software optimization guides: FMLA, Q-form, throughput';
