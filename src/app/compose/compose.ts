// From the configuration to interfaces: one function per part, each a look-up in a registry.
import type { Alert } from '../../core/alert.ts';
import type { Control } from '../../core/control.ts';
import type { Detector } from '../../core/detector.ts';
import { lookUp } from '../../core/registry.ts';
import type { Channel } from '../../core/sample.ts';
import type { ScoreReport, Sink } from '../../core/sink.ts';
import type { Source } from '../../core/source.ts';
import type { Windower } from '../../core/window.ts';
import { rowBlame } from '../../detection/alerts/blame.ts';
import { type BlameContext, followBlame } from '../../detection/alerts/follow-blame.ts';
import { createHealthCheck } from '../../detection/alerts/health-check.ts';
import { type AlertLife, createAlertPolicy } from '../../detection/alerts/policy.ts';
import { UsualRanges } from '../../detection/alerts/usual-ranges.ts';
import { createThreshold } from '../../detection/create-threshold.ts';
import type { StoredThreshold } from '../../detection/threshold-plugin.ts';
import { withBudget } from '../../detection/threshold-wrappers.ts';
import { SlidingWindow } from '../../detection/windows/sliding-window.ts';
import type { DetectionKinds } from '../../detectors/index.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { BrokerOptions } from '../../io/mqtt/options.ts';
import { type ChannelUsual, type Model, watchedChannels } from '../../models/model.ts';
import type { Stages } from '../../pipeline.ts';
import { optionsOf } from '../config/choice.ts';
import type { Config, StreamConfig } from '../config/schema.ts';
import { pageUrlOf } from '../config/web-options.ts';
import type { Log } from '../log.ts';
import type { Kinds } from '../plugins/kinds.ts';
import { version } from '../version.ts';

export function composeSource(
  stream: StreamConfig,
  { sources }: Pick<Kinds, 'sources'>,
  broker: BrokerOptions | undefined,
  log: Log,
): Source {
  const { id: streamId, source } = stream;
  return lookUp(sources, source.kind, 'source').create(optionsOf(source), {
    streamId,
    ...(broker && { broker }),
    warn: (message) => log.warn({ streamId }, message),
  });
}

export interface SinkSurroundings {
  readonly streams: readonly { readonly id: string; readonly channels: readonly Channel[] }[];
  readonly broker: BrokerOptions | undefined;
  readonly log: Log;
  readonly control: Control;
  /** Alerts that were sent and have not ended. */
  readonly open: readonly Alert[];
  /** Called when a sink can send again. */
  readonly ready: () => void;
}

export function composeSinks(config: Config, surroundings: SinkSurroundings): Sink[] {
  const { broker, log, control, open, ready } = surroundings;
  // a stream has more than its name and channels, and none of it is for others
  const streams = surroundings.streams.map(({ id, channels }) => ({ id, channels }));
  const pageUrl = config.web && pageUrlOf(config.web);
  return config.sinks.map((choice) =>
    lookUp(config.kinds.sinks, choice.kind, 'sink').create(optionsOf(choice), {
      node: config.node,
      version: version(),
      ...{ streams, control, open, ready },
      ...(broker && { broker }),
      ...(pageUrl !== undefined && { pageUrl }),
      log: (fields, message) => log.info(fields, message),
      warn: (message) => log.warn(message),
    }),
  );
}

export interface StageParts {
  readonly kinds: DetectionKinds;
  readonly kernels: Kernels;
  /** Alerts that a former run of the daemon left open, and those that were accepted under the model. */
  readonly open: readonly Alert[];
  readonly observe: (report: ScoreReport) => void;
  /** Until when a former run of the daemon saw these last, see `AlertContext`. */
  readonly openUntil?: ReadonlyMap<string, number> | undefined;
  /** What a former run of the daemon taught the threshold. */
  readonly learnt?: unknown;
  /** What a former run of the daemon found usual; absent = what the model knows. */
  readonly usual?: readonly ChannelUsual[] | undefined;
  /** Whether what was measured then is no example of normal; absent = anything may be. */
  readonly quiet?: (timeMs: number) => boolean;
  /** Whether the daemon disturbs what is measured now; absent = never. */
  readonly disturbed?: () => boolean;
  /** Follows what alerts blame; absent = nobody asks for it. */
  readonly blame?: Pick<BlameContext, 'keptBack' | 'follow'>;
  /** False alarms a day that the level is set for; absent = as the stream was configured. It may change. */
  readonly budget?: () => number;
}

/** Stages whose anomalies can be ended when the data end, and whose threshold can be stored. */
export type ComposedStages = Stages & {
  readonly policy: AlertLife;
  readonly threshold: StoredThreshold;
};

export function composeStages(
  stream: StreamConfig,
  model: Model,
  parts: StageParts,
): ComposedStages {
  const { id: streamId } = stream;
  const { channels } = model;
  const { kinds, kernels, open, observe, quiet, disturbed } = parts;
  const detector = lookUp(kinds.detectors, model.kind, 'detector').load(model, kernels);
  return {
    health: createHealthCheck(limitsFor(model, stream.health), {
      streamId,
      channels,
      resume: open,
      remind: stream.alerts,
    }),
    windower: composeWindower(stream, model, detector),
    detector,
    ...composeDecision(stream, model, parts),
    observe,
    ...(quiet && { quiet }),
    ...(disturbed && { disturbed }),
  };
}

/** What makes alerts of scores. */
export type Decision = Pick<ComposedStages, 'threshold' | 'policy'>;

type DecisionParts = Pick<
  StageParts,
  'open' | 'openUntil' | 'learnt' | 'usual' | 'blame' | 'budget'
> & {
  readonly kinds: Pick<DetectionKinds, 'detectors' | 'thresholds'>;
};

/** Throws `CalibrationError` when the model has too few of them to set a level. */
export function composeDecision(
  stream: StreamConfig,
  model: Model,
  { kinds, open, openUntil, learnt, usual, blame, budget }: DecisionParts,
): Decision {
  const { id: streamId } = stream;
  const { scaler, id: modelId } = model;
  const alerts = limitsFor(model, stream.alerts);
  const plugin = lookUp(kinds.thresholds, stream.threshold.kind, 'threshold');
  const options = optionsOf(stream.threshold);
  const { logarithmic = false } = lookUp(kinds.detectors, model.kind, 'detector');
  const parts = { plugin, options, logarithmic };
  const threshold = withBudget(
    (falseAlarmsPerDay, state) =>
      createThreshold({ ...parts, alerts: { ...alerts, falseAlarmsPerDay } }, model, state),
    budget ?? (() => alerts.falseAlarmsPerDay),
    learnt,
  );
  const channels = watchedChannels(model);
  const ranges = new UsualRanges({
    ...{ channels, intervalMs: model.intervalMs },
    known: [...(usual ?? []), ...(model.usual ?? [])],
  });
  const rowsBlame = rowBlame({ channels, scaler, usual: ranges });
  const context = { channels, scaler, usual: ranges, blame: rowsBlame, resume: open };
  const until = openUntil && { openUntil };
  const policy = createAlertPolicy(alerts, { streamId, modelId, ...context, ...until });
  return {
    threshold,
    policy: blame ? followBlame(policy, alerts, { ...context, ...blame }) : policy,
  };
}

/** Options without the limits of channels that the model leaves out: those are for one that will know them. */
export function limitsFor<Options extends { readonly channels: Record<string, unknown> }>(
  { leftOut = [] }: Pick<Model, 'leftOut'>,
  options: Options,
): Options {
  const out = new Set(leftOut.map(({ id }) => id));
  if (out.size === 0) return options;
  const limits = Object.entries(options.channels).filter(([id]) => !out.has(id));
  return { ...options, channels: Object.fromEntries(limits) };
}

function composeWindower(
  stream: StreamConfig,
  model: Model,
  { windowLength, leastLength }: Detector,
): Windower {
  return new SlidingWindow({
    streamId: stream.id,
    length: windowLength,
    least: leastLength,
    intervalMs: model.intervalMs,
    scaler: model.scaler,
    rates: model.rates,
    options: stream.windows,
  });
}
