// A tiny search that really trains: a recording, a space, and a profile of this engine for a device that is not this machine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/app/version.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { engineIdentity } from '../../src/lab/profiler/engine-identity.ts';
import { prepare, space } from '../app/search/toy-search.ts';
import { ordinarySeries } from '../contracts/planted.ts';
import { tempFolder } from '../io/temp-folder.ts';

/** Faults are planted in the newest part of a recording; each kind of them needs its rows. */
export const ROWS = 2600;
/** Milliseconds; small numbers would be read as seconds. */
const T0 = 1_700_000_000_000;

/** Arguments of the search by the name of its folder, in a folder that goes when the test ends. */
export async function searchBench() {
  const folder = tempFolder();
  const { values, timeMs, channels } = ordinarySeries(ROWS);
  const width = channels.length;
  const lines = Array.from(timeMs, (time, row) =>
    [T0 + time, ...values.subarray(row * width, (row + 1) * width)].join(','),
  );
  const data = join(folder, 'data.csv');
  writeFileSync(data, ['time,cpu[%],network[B/s],load', ...lines].join('\n'));
  const spaceFile = join(folder, 'space.json');
  writeFileSync(spaceFile, JSON.stringify(space));
  const engine = engineIdentity(await loadKernels(), version());
  const profile = prepare(folder, engine, 'pi-4b');
  const args = (out: string) => [
    ...['search', data, '--space', spaceFile, '--profile', profile, '--embedding', 'one-hot'],
    ...['--method', 'random', '--budget', '3', '--final-steps', '5', '--training', 'steps=5'],
    ...['--out', join(folder, out)],
  ];
  return { folder, args };
}
