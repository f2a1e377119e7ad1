// The other side of learn-options.ts.
import { importPlugins } from '../../core/plugin-module.ts';
import { lookUp } from '../../core/registry.ts';
import { answerInProcess } from '../../detectors/training/process.ts';
import { trainersWith } from '../../lab/trainers.ts';
import { jsonSchemaOf } from './json-schema.ts';
import type { LearnOptionsAnswer, LearnOptionsTask } from './learn-options.ts';

await answerInProcess<LearnOptionsTask, never, LearnOptionsAnswer>(async ({ asked, plugins }) => {
  const trainers = trainersWith(await importPlugins(plugins));
  return asked.map(({ detector, options }) => {
    const trainer = lookUp(trainers, detector, 'detector kind');
    const { data, error } = trainer.options.safeParse(options);
    return error
      ? { issues: error.issues, schema: jsonSchemaOf(trainer.options) }
      : { leastRows: trainer.leastRows?.(data) ?? 0 };
  });
});
