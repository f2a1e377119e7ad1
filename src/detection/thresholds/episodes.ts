// The default threshold: counts episodes of high scores instead of fitting a tail to single rows.
import { z } from 'zod';
import type { RejectReason, ThresholdPromise, Verdict } from '../../core/threshold.ts';
import { median, quantile } from '../../engine/statistics.ts';
import type { StoredThreshold, ThresholdContext, ThresholdPlugin } from '../threshold-plugin.ts';
import { Baseline, baselineState } from './episodes/baseline.ts';
import { Episodes, episodeState, OpeningHeight, peaksOf } from './episodes/episode-peaks.ts';
import {
  type HeightScale,
  heightScaleOf,
  PeakRecord,
  peakRecordState,
} from './episodes/peak-record.ts';
import { EPISODE_RULES, type EpisodeRules } from './episodes/rules.ts';
import { requireCalibration, requireScore, unknownState } from './tail/checks.ts';
import { tailShape } from './tail/options.ts';

const options = z.strictObject({
  margin: z
    .number()
    .positive()
    .default(1)
    .describe('Factor on the level; above 1 gives fewer alerts than falseAlarmsPerDay')
    .meta({ unit: '1' }),
  minimumLevel: tailShape.minimumLevel,
});

export type EpisodesOptions = z.infer<typeof options>;

/** Least number of calibration scores. */
const LEAST_SCORES = 11;
/** Quantile of the calibration's heights up to which they are ordinary. */
const ORDINARY = 0.99;
/** Without any episode (constant scores) the level is this margin over the greatest score, and at least 1. */
const UNIFORM = { margin: 2, least: 1 };

/** Greatest score that is recorded: infinity would stay in the baseline and cannot be stored. */
const GREATEST_SCORE = 1e100;

const storedState = z.strictObject({
  /** Heights of different opening rules cannot be compared. */
  openCount: z.int(),
  openWithin: z.int(),
  prior: z.number(),
  gate: z.number(),
  greatest: z.number(),
  record: peakRecordState,
  baseline: baselineState,
  /** Newest heights above the baseline, oldest first. */
  recent: z.array(z.number()),
  episode: episodeState.optional(),
});
type StoredState = z.infer<typeof storedState>;

/**
 * Sets the alert level so that about `falseAlarmsPerDay` alerts open a day on normal data.
 *
 * An episode is a run of rows whose scores rise above the baseline of their time; its peak is the highest level at which the
 * alert policy would still have opened. With d days of scores seen and r false alarms accepted a day, the level is peak
 * number d r + 1 in descending order. Episodes that became alerts count as well: a level that learns only from scores
 * below it falls without end. Until the first false alarm is due, `PeakRecord` sets the level from the calibration.
 *
 * Rows in a silence are neither counted nor learned. `judge` is pure and O(1); `learn` and `reject` are O(1), and
 * O(peaks) where an episode ends. Throws `CalibrationError` with 10 scores or fewer.
 */
class EpisodeThreshold implements StoredThreshold {
  readonly #rules: EpisodeRules;
  readonly #options: EpisodesOptions;
  readonly #context: ThresholdContext;
  readonly #scale: HeightScale;
  #prior = Number.NaN;
  #gate = Number.NaN;
  #greatest = 0;
  #record: PeakRecord;
  #baseline: Baseline;
  #heights: OpeningHeight;
  #episodes: Episodes;
  /** Height above the baseline; NaN before `fit`. */
  #level = Number.NaN;

  constructor(rules: EpisodeRules, options: EpisodesOptions, context: ThresholdContext) {
    this.#rules = rules;
    this.#options = options;
    this.#context = context;
    this.#scale = heightScaleOf(context);
    this.#record = PeakRecord.of(rules, context, [], { rows: 0, ordinary: 0 });
    this.#baseline = new Baseline(rules.baseline, 0, context.intervalMs);
    this.#heights = new OpeningHeight(context);
    this.#episodes = new Episodes(rules, Number.POSITIVE_INFINITY);
  }

  fit(scores: Float64Array): void {
    requireCalibration(scores, LEAST_SCORES);
    this.#prior = median(scores);
    this.#greatest = scores.reduce((most, score) => Math.max(most, score), 0);
    // Live rows follow the calibration rows, so the baseline continues from here.
    this.#baseline = new Baseline(this.#rules.baseline, this.#prior, this.#context.intervalMs);
    const heights = this.#heightsOf(scores);
    const known = heights.filter(Number.isFinite); // the first rows cannot open an alert
    this.#gate = known.length > 0 ? quantile(known, this.#rules.gate) : 0;
    const peaks = peaksOf(heights, this.#rules, this.#gate);
    this.#record = PeakRecord.of(this.#rules, this.#context, peaks, {
      rows: scores.length,
      ordinary: known.length > 0 ? quantile(known, ORDINARY) : 0,
    });
    this.#begin();
  }

  judge(score: number): Verdict {
    requireScore(score, this.#level);
    const usual = this.#baseline.value;
    const level = this.#scale.difference(this.#level, usual);
    if (score - usual <= level) return { anomalous: false, level, usual };
    const beyondSeen = this.#beyondSeen(score, usual);
    return { anomalous: true, level, usual, ...(beyondSeen !== undefined && { beyondSeen }) };
  }

  learn(score: number): void {
    requireScore(score, this.#level);
    this.#see(score);
  }

  reject(score: number, reason: RejectReason): void {
    requireScore(score, this.#level);
    if (reason === 'anomalous') this.#see(score);
    else this.#begin();
  }

  state(): StoredState {
    const { openCount, openWithin } = this.#context;
    return {
      openCount,
      openWithin,
      prior: this.#prior,
      gate: this.#gate,
      greatest: this.#greatest,
      record: this.#record.state(),
      baseline: this.#baseline.state(),
      recent: [...this.#heights.recent],
      ...(this.#episodes.current && { episode: this.#episodes.current }),
    };
  }

  restore(state: unknown): void {
    const known = storedState.safeParse(state).data;
    const { openCount, openWithin } = this.#context;
    if (known?.openCount !== openCount || known.openWithin !== openWithin)
      throw unknownState('episodes');
    const { prior, gate, greatest, record, baseline, recent, episode } = known;
    if (baseline.slots.length !== (this.#rules.baseline?.slots ?? 0))
      throw unknownState('episodes');
    this.#prior = prior;
    this.#gate = gate;
    this.#greatest = greatest;
    this.#record = new PeakRecord(this.#rules, this.#context, record);
    this.#baseline = new Baseline(this.#rules.baseline, prior, this.#context.intervalMs, baseline);
    this.#heights = new OpeningHeight(this.#context, recent);
    this.#episodes = new Episodes(this.#rules, gate, episode);
    this.#setLevel();
  }

  promise(): ThresholdPromise {
    const { seenDays, expectedPerDay: falseAlarmsPerDay } = this.#record;
    return { falseAlarmsPerDay, asked: this.#context.falseAlarmsPerDay, seenDays };
  }

  /** As `ratioOf`, but over the greatest height of normal rows instead of the level. */
  #beyondSeen(score: number, usual: number): number | undefined {
    const seen = this.#scale.difference(this.#record.greatestNormal, usual);
    if (seen <= 0) return undefined;
    const height = this.#heights.next(this.#scale.of(Math.min(score, GREATEST_SCORE), usual));
    return this.#scale.difference(Math.max(0, height), usual) / seen;
  }

  #heightsOf(scores: Float64Array): readonly number[] {
    const heights = new OpeningHeight(this.#context);
    return Array.from(scores, (score) => {
      const height = heights.push(this.#scale.of(score, this.#baseline.value));
      this.#baseline.push(score);
      return height;
    });
  }

  #see(reported: number): void {
    const score = Math.min(reported, GREATEST_SCORE);
    const height = this.#heights.push(this.#scale.of(score, this.#baseline.value));
    this.#baseline.push(score);
    this.#record.pass();
    const peak = this.#episodes.push(height);
    if (peak !== undefined) this.#record.add(peak, this.#level);
    this.#setLevel();
  }

  /** Forgets the rows and the episode in progress. */
  #begin(): void {
    this.#heights = new OpeningHeight(this.#context);
    this.#episodes = new Episodes(this.#rules, this.#gate);
    this.#setLevel();
  }

  #setLevel(): void {
    const { margin, minimumLevel } = this.#options;
    const usual = this.#baseline.value;
    const uniform = Math.max(UNIFORM.least, UNIFORM.margin * this.#greatest);
    this.#level = Math.max(
      this.#scale.of(usual + minimumLevel, usual),
      margin * (this.#record.level || this.#scale.of(usual + uniform, usual)),
    );
  }
}

/** The threshold with other constants, for the ablation. */
export function episodesWith(rules: Partial<EpisodeRules>): ThresholdPlugin<EpisodesOptions> {
  const all = { ...EPISODE_RULES, ...rules };
  return {
    kind: 'episodes',
    summary:
      'counts episodes above a running baseline: about falseAlarmsPerDay alerts a day on normal data',
    options,
    create: (options, context) => new EpisodeThreshold(all, options, context),
  };
}

export const episodes: ThresholdPlugin<EpisodesOptions> = episodesWith({});
