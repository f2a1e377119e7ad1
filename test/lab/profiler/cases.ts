// Networks, a machine and a profile that the tests of the profiler share.
import type { ProfilerHost } from '../../../src/lab/profiler/host.ts';
import type { ProfiledNetwork } from '../../../src/lab/profiler/network.ts';
import type { TimingOptions } from '../../../src/lab/profiler/timing.ts';
import type { Head } from '../../../src/models/design-point.ts';

/** As short as can be: tests ask whether figures are there, never how great they are. */
export const QUICK: TimingOptions = { warmUpRuns: 1, warmUpS: 0, leastRuns: 5, leastS: 0 };

export function network(layers: number, hidden = 8, heads?: readonly Head[]): ProfiledNetwork {
  const mixed = heads ?? [{ op: 'attention', form: 'scaled' }];
  const layer = { hidden, heads: [...mixed], feedForward: [16] };
  const point = { layers: Array.from({ length: layers }, () => layer) };
  return { point, rows: 16, width: 2, patch: 2, horizon: 1 };
}

/** A machine with nothing but what is given. */
export function hostOf(parts: Partial<ProfilerHost> = {}): ProfilerHost {
  return {
    root: '/nowhere',
    run: async () => undefined,
    follow: () => () => undefined,
    nowMs: () => performance.now(),
    ...parts,
  };
}
