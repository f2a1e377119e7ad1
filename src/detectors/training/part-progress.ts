import type { TrainingContext } from './trainer.ts';

/** Progress of one of two trainings that follow each other. */
export function withHalfProgress(context: TrainingContext, part: 0 | 1): TrainingContext {
  return {
    ...context,
    progress: (progress) =>
      context.progress({ ...progress, fraction: (part + progress.fraction) / 2 }),
  };
}
