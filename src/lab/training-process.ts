// Entry of the process that training.ts starts: runs one training and posts the result.

import { answerInProcess } from '../detectors/training/process.ts';
import { runTraining, type Task } from '../detectors/training/run-training.ts';
import type { TrainingProgress } from '../detectors/training/trainer.ts';
import { loadEngine } from '../models/load-engine.ts';
import type { Model } from '../models/model.ts';
import { trainersWith } from './trainers.ts';

await answerInProcess<Task, TrainingProgress, Model>(async (task, progress) =>
  runTraining(task, await loadEngine(task.engine), progress, trainersWith),
);
