// A recorded series through the pipeline, as fast as it goes, without history and sinks.
import { Readable } from 'node:stream';
import type { Alert } from '../../core/alert.ts';
import type { Sample } from '../../core/sample.ts';
import { rowOf, type Series } from '../../core/series.ts';
import type { ScoreReport } from '../../core/sink.ts';
import type { Source } from '../../core/source.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import { monitor } from '../../pipeline.ts';
import { composeStages } from '../compose/compose.ts';
import type { StreamConfig } from '../config/schema.ts';
import { builtInKinds } from '../plugins/kinds.ts';

/** What a stream's watch amounts to. */
export interface Watched {
  readonly alerts: readonly Alert[];
  readonly reports: readonly ScoreReport[];
}

export async function watchSeries(
  stream: StreamConfig,
  model: Model,
  series: Series,
  kernels: Kernels,
): Promise<Watched> {
  const alerts: Alert[] = [];
  const reports: ScoreReport[] = [];
  const stages = composeStages(stream, model, {
    kinds: builtInKinds,
    kernels,
    open: [],
    observe: (report) => reports.push(report),
  });
  const never = new AbortController().signal;
  for await (const alert of monitor(sourceOf(series, stream.id), stages, never)) alerts.push(alert);
  alerts.push(...stages.policy.finish());
  return { alerts, reports };
}

function sourceOf(series: Series, streamId: string): Source {
  return {
    id: series.id,
    channels: series.channels,
    live: false,
    samples: () => Readable.from(samplesOf(series, streamId)),
  };
}

function* samplesOf(series: Series, streamId: string): Generator<Sample> {
  for (let row = 0; row < series.timeMs.length; row++) {
    yield { streamId, timeMs: series.timeMs[row] as number, values: rowOf(series, row) };
  }
}
