// The other side of learn-options.ts.
import { importPlugins } from '../../core/plugin-module.ts';
import { lookUp } from '../../core/registry.ts';
import { answerInThread } from '../../detectors/training/thread.ts';
import { trainersWith } from '../../lab/trainers.ts';
import { jsonSchemaOf } from './json-schema.ts';
import type { LearnOptionsAnswer, LearnOptionsTask } from './learn-options.ts';

await answerInThread<LearnOptionsTask, never, LearnOptionsAnswer>(async ({ asked, plugins }) => {
  const trainers = trainersWith(await importPlugins(plugins));
  return asked.map(({ detector, options }) => {
    const { options: schema } = lookUp(trainers, detector, 'detector kind');
    const { error } = schema.safeParse(options);
    return error && { issues: error.issues, schema: jsonSchemaOf(schema) };
  });
});
