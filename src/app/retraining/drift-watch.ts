// The drift of one model's normal scores: logged, and kept from one run to the next.
import type { ScoreReport } from '../../core/sink.ts';
import { type Drift, ScoreDrift } from '../../detection/drift/score-drift.ts';
import type { Model } from '../../models/model.ts';
import { type ThresholdMemory as Memory, thresholdMemory } from '../compose/threshold-memory.ts';
import type { Log } from '../log.ts';

export interface DriftWatch {
  see(report: ScoreReport): void;
  drift(): Drift | undefined;
  /** Throws what the file system throws. */
  remember(): void;
}

export interface DriftWatchSetup {
  readonly streamId: string;
  readonly model: Pick<Model, 'id' | 'intervalMs'>;
  readonly driftHours: number;
  /** File of what was seen of this model. */
  readonly path: string;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;

export function watchDrift(setup: DriftWatchSetup): DriftWatch {
  const { streamId, model, driftHours, path, log } = setup;
  const windowMs = driftHours * HOUR_MS;
  const scores = new ScoreDrift({ windowMs, intervalMs: model.intervalMs });
  const memory: Memory = thresholdMemory(path, {
    modelId: model.id,
    choice: { kind: 'drift', driftHours },
  });
  scores.restore(memory.recall());
  return {
    see({ timeMs, score, level, value = score * level, anomalous, quiet }) {
      if (anomalous || quiet) return;
      const was = scores.drift !== undefined;
      scores.push(timeMs, value);
      const { drift } = scores;
      if (drift && !was) {
        const ratio = Math.round(100 * drift.ratio) / 100;
        log.warn(
          { streamId, model: model.id, ratio },
          'the scores of normal rows have drifted: the machine differs from what this model has learnt',
        );
      } else if (was && !drift) {
        log.info({ streamId, model: model.id }, 'the scores of normal rows no longer drift');
      }
    },
    drift: () => scores.drift,
    remember: () => memory.remember(scores.state()),
  };
}
