// Medians of contenders that take turns, so that whatever else the machine does meets all of them.

export interface Contender {
  readonly name: string;
  /** Calls per sample: enough to outlast reading the clock, too few for others to interrupt most samples. */
  readonly calls: number;
  /** Before a sample, not timed. */
  before?(): Promise<void>;
  run(): void;
}

const WARM_UP_S = 1;

/** Median microseconds per call, by name. */
export async function timeAll(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  for (const contender of contenders) await warmUp(contender);
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      await contender.before?.();
      samples.get(contender.name)?.push(sample(contender));
    }
  }
  return new Map([...samples].map(([name, times]) => [name, medianOf(times)]));
}

async function warmUp(contender: Contender): Promise<void> {
  await contender.before?.();
  const end = process.hrtime.bigint() + BigInt(WARM_UP_S * 1e9);
  while (process.hrtime.bigint() < end) contender.run();
}

function sample({ calls, run }: Contender): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) run();
  return Number(process.hrtime.bigint() - start) / 1000 / calls;
}

function medianOf(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] as number;
}
