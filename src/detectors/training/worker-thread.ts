// Entry of the thread that worker.ts starts: runs one training and posts the result.
import { loadEngine } from '../../models/load-engine.ts';
import type { Model } from '../../models/model.ts';
import { runTraining } from './run-training.ts';
import { answerInThread } from './thread.ts';
import type { TrainingProgress } from './trainer.ts';
import type { Task } from './worker.ts';

await answerInThread<Task, TrainingProgress, Model>(async (task, progress) =>
  runTraining(task, await loadEngine(task.engine), progress),
);
