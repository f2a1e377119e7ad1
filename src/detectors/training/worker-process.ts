// Entry of the process that worker.ts starts: runs one training and posts the result.
import { loadEngine } from '../../models/load-engine.ts';
import type { Model } from '../../models/model.ts';
import { answerInProcess } from './process.ts';
import { runTraining } from './run-training.ts';
import type { TrainingProgress } from './trainer.ts';
import type { Task } from './worker.ts';

await answerInProcess<Task, TrainingProgress, Model>(async (task, progress) =>
  runTraining(task, await loadEngine(task.engine), progress),
);
