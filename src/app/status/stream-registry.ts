// The state of each running stream: its description, and when it was last scored.
import type { StreamInfo } from '../../core/control.ts';
import type { StreamHealth } from '../../core/health.ts';
import type { ScoreReport } from '../../core/sink.ts';
import { type Model, watchedChannels } from '../../models/model.ts';
import type { Stream } from '../compose/stream.ts';

export interface StreamRegistry {
  /** The streams there are from now on; what is known of those that stay is kept. */
  enter(streams: readonly Stream[]): void;
  /** A stream without a model has had another row. */
  learning(streamId: string, progress: NonNullable<StreamHealth['learning']>): void;
  /** A stream has learnt, or had its model all along. */
  watching(streamId: string, model: Model): void;
  /** Its source gives nothing more. */
  ended(streamId: string): void;
  note(report: ScoreReport): void;
  infos(): readonly StreamInfo[];
  health(): readonly StreamHealth[];
}

interface Entry {
  stream: Stream;
  info: StreamInfo;
  scored: number;
  learning?: StreamHealth['learning'] | undefined;
  /** From when on rows should be scored, on the clock of `last`; undefined = not watched, not yet or no longer. */
  dueMs: number | undefined;
  last: { readonly report: ScoreReport; readonly heardMs: number } | undefined;
}

/** `monotonicMs` is a clock that is never set. */
export function createStreamRegistry(monotonicMs: () => number): StreamRegistry {
  let entries = new Map<string, Entry>();
  return {
    enter(streams) {
      entries = new Map(
        streams.map((stream) => {
          const entry = entries.get(stream.id);
          // one that goes on may have another model by now than it began with
          if (entry?.stream === stream) return [stream.id, entry];
          const { scored = 0, last } = entry ?? {};
          return [stream.id, { stream, info: infoOf(stream), scored, dueMs: undefined, last }];
        }),
      );
    },
    learning(streamId, progress) {
      const entry = entries.get(streamId);
      if (entry) entry.learning = progress;
    },
    watching(streamId, model) {
      const { id, kind: detector, intervalMs, windowLength } = model;
      const channels = watchedChannels(model);
      const entry = entries.get(streamId);
      if (!entry) return;
      entry.info = { id: streamId, channels, intervalMs, model: { id, detector } };
      entry.learning = undefined;
      entry.dueMs = monotonicMs() + windowLength * intervalMs; // the first window has to fill
    },
    ended(streamId) {
      const entry = entries.get(streamId);
      if (entry) entry.dueMs = undefined;
    },
    note(report) {
      const entry = entries.get(report.streamId);
      if (!entry) return;
      entry.scored += 1;
      entry.last = { report, heardMs: monotonicMs() };
    },
    infos: () => [...entries.values()].map(({ info }) => info),
    health: () => [...entries.values()].map((entry) => healthOf(entry, monotonicMs())),
  };
}

function infoOf({ id, channels, model, config }: Stream): StreamInfo {
  return {
    id,
    channels,
    intervalMs: model?.intervalMs ?? config.learn.intervalMs,
    model: model ? { id: model.id, detector: model.kind } : null,
  };
}

/** Neither a recording that is over nor a stream that learns is silent. */
function healthOf(
  { stream, info, scored, learning, dueMs, last }: Entry,
  nowMs: number,
): StreamHealth {
  const isDue = stream.source.live && dueMs !== undefined;
  const sinceMs = isDue ? Math.max(dueMs, last?.heardMs ?? dueMs) : undefined;
  return {
    id: info.id,
    scored,
    lastMs: last?.report.timeMs ?? null,
    score: last?.report.score ?? null,
    ...(learning && { learning }),
    silentS: sinceMs === undefined ? null : Math.max(0, nowMs - sinceMs) / 1000,
  };
}
