import type { Channel } from '../../core/sample.ts';
import type { Source } from '../../core/source.ts';
import { openRowRing, type RowRing } from '../../io/rows/row-ring.ts';
import { eachSample } from '../compose/each-sample.ts';
import type { Stream } from '../compose/stream.ts';
import type { Watch } from './watch-context.ts';

const HOUR_MS = 3_600_000;
const MEGABYTE = 1e6;

/** Where the rows of a stream are kept for trainings; undefined where they are not. */
export function ringOf(
  { id, config, rowsPath }: Stream,
  channels: readonly Channel[],
  { log }: Pick<Watch, 'log'>,
): RowRing | undefined {
  const { keepHours, writeMbPerDay } = config.retrain;
  if (config.model !== undefined || keepHours === 0) return undefined;
  return openRowRing({
    folder: rowsPath,
    channels,
    keepMs: keepHours * HOUR_MS,
    bytesPerDay: writeMbPerDay * MEGABYTE,
    onFault: ({ message }) => log.warn({ streamId: id }, `rows are not kept: ${message}`),
  });
}

/** The source, whose rows are kept as they pass, but for those of a clock that cannot be relied on. */
export function keepRows(source: Source, rows: RowRing, clockIsSet: () => boolean): Source {
  return eachSample(source, async function* (signal) {
    for await (const sample of source.samples(signal)) {
      if (clockIsSet()) rows.add(sample.timeMs, sample.values);
      yield sample;
    }
  });
}
