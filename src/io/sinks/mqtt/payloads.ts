// Payloads of the daemon over MQTT. Times are ISO 8601; names end in units.
import type { DaemonInfo, Standing, StreamInfo } from '../../../core/control.ts';
import { type Health, learningProgress, type StreamHealth } from '../../../core/health.ts';
import type { ScoreReport } from '../../../core/sink.ts';
import { isoTime, round } from '../../text/alert-payload.ts';

export function scorePayload({ timeMs, score, level, anomalous }: ScoreReport): object {
  return { ts: isoTime(timeMs), score: round(score), level: round(level), anomalous };
}

export function infoPayload({ version, node, configHash, streams, update }: DaemonInfo): object {
  return {
    version,
    ...(update && { update: { version: update.version, ts: update.releasedAt } }),
    node,
    config_hash: configHash,
    streams: streams.map(({ id, channels, intervalMs, model }) => ({
      id,
      channels,
      interval_s: intervalMs / 1000,
      model: model?.id ?? null,
      detector: model?.detector ?? null,
    })),
  };
}

export function healthPayload(health: Health, streams: readonly StreamInfo[]): object {
  const infos = new Map(streams.map((stream) => [stream.id, stream]));
  return {
    ts: isoTime(health.timeMs),
    uptime_s: health.uptimeS,
    rss_mb: Math.round(health.rssBytes / 1e5) / 10,
    event_loop_lag_ms: Math.round(health.eventLoopLagMs),
    outbox: Object.values(health.waiting).reduce((sum, count) => sum + count, 0),
    outbox_by_sink: health.waiting,
    dropped: health.dropped,
    problems: health.problems,
    streams: health.streams.map((stream) => ({
      ...streamHealth(stream),
      ...learningOf(stream, infos.get(stream.id)),
    })),
  };
}

/** Of a stream without a model; nothing for others. */
function learningOf({ learning }: StreamHealth, info: StreamInfo | undefined): object {
  if (!info || info.model) return {};
  const progress = learning && learningProgress(learning, info.intervalMs);
  const fraction = round(progress?.fraction ?? 0);
  return { learning: { fraction, left_s: progress?.leftS ?? null } };
}

function streamHealth({
  id,
  scored,
  lastMs,
  score,
  silentS,
  drift,
  promise,
  disturbed,
  training,
}: StreamHealth): object {
  return {
    stream: id,
    scored,
    ts: lastMs === null ? null : isoTime(lastMs),
    score: score === null ? null : round(score),
    silent_s: silentS === null ? null : Math.round(silentS),
    ...(drift && {
      drift: {
        since: isoTime(drift.sinceMs),
        distance: round(drift.distance),
        ratio: round(drift.ratio),
      },
    }),
    ...(promise && {
      promise: {
        false_alarms_per_day: round(promise.falseAlarmsPerDay),
        asked_per_day: round(promise.asked),
        seen_days: round(promise.seenDays),
      },
    }),
    ...(disturbed && { disturbed }),
    ...(training && {
      training: {
        why: training.why,
        since: training.startedAt,
        fraction: round(training.fraction),
      },
    }),
  };
}

export function silencePayload({ silencedUntilMs, maintenance }: Standing): object {
  return {
    state: silencedUntilMs === null ? 'OFF' : 'ON',
    until: silencedUntilMs === null ? null : isoTime(silencedUntilMs),
    maintenance,
  };
}
