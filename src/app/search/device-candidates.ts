import type { Candidates } from '../../lab/search/contract.ts';

/** Devices as one half of pairs: none is nearer to another than the rest. */
export function deviceCandidates(count: number): Candidates {
  const values = new Float64Array(count * count);
  for (let device = 0; device < count; device++) values[device * count + device] = 1;
  const all = Array.from({ length: count }, (_, device) => device);
  return {
    count,
    coordinates: { values, width: count },
    choices: { sizes: [count], values: Int32Array.from(all) },
    neighbours: (candidate) => all.filter((device) => device !== candidate),
    find: ({ 0: device }) => (device !== undefined && device < count ? device : undefined),
  };
}
