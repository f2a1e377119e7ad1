// Medians of contenders that take turns, so that whatever else the machine does meets all of them.

export interface Contender {
  readonly name: string;
  /** Calls per sample: enough to outlast reading the clock, too few for others to interrupt most samples. */
  readonly calls: number;
  /** Before a sample, not timed. */
  before?(): Promise<void>;
  run(): void;
}

/** One in another process, which reads the clock itself. */
export interface RemoteContender {
  readonly name: string;
  /** Microseconds per call. */
  sampleUs(): Promise<number>;
}

const WARM_UP_S = 1;

/** Median microseconds per call, by name. */
export async function timeAll(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, number>> {
  const samples = await sampleAll(contenders, rounds);
  return new Map([...samples].map(([name, times]) => [name, medianOf(times)]));
}

/** Microseconds per call of each round, by name. */
export async function sampleAll(
  contenders: readonly (Contender | RemoteContender)[],
  rounds: number,
  warmUpS = WARM_UP_S,
): Promise<ReadonlyMap<string, readonly number[]>> {
  for (const contender of contenders) await warmUp(contender, warmUpS);
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      samples.get(contender.name)?.push(await sampleUs(contender));
    }
  }
  return samples;
}

/** How many times as long the one takes as the other: the median over the rounds, whose two samples are neighbours. */
export function ratioOf(times: readonly number[], others: readonly number[]): number {
  return medianOf(times.map((time, round) => time / (others[round] as number)));
}

export function medianOf(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
}

async function warmUp(contender: Contender | RemoteContender, seconds: number): Promise<void> {
  const end = process.hrtime.bigint() + BigInt(seconds * 1e9);
  do await sampleUs(contender);
  while (process.hrtime.bigint() < end);
}

async function sampleUs(contender: Contender | RemoteContender): Promise<number> {
  if ('sampleUs' in contender) return contender.sampleUs();
  const { calls, before, run } = contender;
  await before?.();
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) run();
  return Number(process.hrtime.bigint() - start) / 1000 / calls;
}
