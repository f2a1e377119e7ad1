// What is known of each stream while it runs: what it is, and when it was last scored.
import type { StreamInfo } from '../core/control.ts';
import type { StreamHealth } from '../core/health.ts';
import type { ScoreReport } from '../core/sink.ts';
import type { Model } from '../models/model.ts';
import type { Stream } from './streams/stream.ts';

export interface StreamBook {
  /** The streams there are from now on; what is known of those that stay is kept. */
  enter(streams: readonly Stream[]): void;
  /** A stream has learnt, or had its model all along. */
  watching(streamId: string, model: Model): void;
  note(report: ScoreReport): void;
  infos(): readonly StreamInfo[];
  health(): readonly StreamHealth[];
}

interface Page {
  stream: Stream;
  info: StreamInfo;
  scored: number;
  last: { readonly report: ScoreReport; readonly heardMs: number } | undefined;
}

/** `monotonicMs` is a clock that is never set. */
export function createStreamBook(monotonicMs: () => number): StreamBook {
  let pages = new Map<string, Page>();
  return {
    enter(streams) {
      pages = new Map(
        streams.map((stream) => {
          const page = pages.get(stream.id);
          // one that goes on may have another model by now than it began with
          if (page?.stream === stream) return [stream.id, page];
          return [stream.id, { scored: 0, last: undefined, ...page, stream, info: infoOf(stream) }];
        }),
      );
    },
    watching(streamId, { id, kind: detector, channels, intervalMs }) {
      const page = pages.get(streamId);
      if (page) page.info = { id: streamId, channels, intervalMs, model: { id, detector } };
    },
    note(report) {
      const page = pages.get(report.streamId);
      if (!page) return;
      page.scored += 1;
      page.last = { report, heardMs: monotonicMs() };
    },
    infos: () => [...pages.values()].map(({ info }) => info),
    health: () => [...pages.values()].map((page) => healthOf(page, monotonicMs())),
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

function healthOf({ info, scored, last }: Page, nowMs: number): StreamHealth {
  return {
    id: info.id,
    scored,
    lastMs: last?.report.timeMs ?? null,
    score: last?.report.score ?? null,
    silentS: last ? (nowMs - last.heardMs) / 1000 : null,
  };
}
