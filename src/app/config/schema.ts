// The whole configuration, put together from the schemas that stand beside each plug-in.
import { type ZodType, z } from 'zod';
import { alertOptionsWith } from '../../detection/alerts/alert-options.ts';
import { healthOptions } from '../../detection/alerts/health-options.ts';
import { DEFAULT_THRESHOLD } from '../../detection/thresholds/index.ts';
import { gapOptions } from '../../detection/windows/window-options.ts';
import { metricsOptions } from '../../io/metrics/endpoint.ts';
import { brokerOptions } from '../../io/mqtt/options.ts';
import { storeOptions } from '../../io/store/store-options.ts';
import { engineNames } from '../../models/load-engine.ts';
import { logLevels } from '../log.ts';
import { builtInKinds, type Kinds } from '../plugins/kinds.ts';
import { vitalsOptions } from '../process/vitals.ts';
import { choiceOf } from './choice.ts';
import { budgetOptions, checkBudgets, ownBudget, sharedBudget } from './false-alarm-budget.ts';
import { NEWEST_VERSION } from './migrations.ts';
import { retrainOptions } from './retrain-options.ts';
import { updateOptions } from './update-options.ts';
import { webOptions } from './web-options.ts';

/** Names that become part of MQTT topics and file names. */
const name = z.string().regex(/^[\w-]+$/, { message: 'expected letters, digits, - and _ only' });

function learnWith({ learnable }: Kinds) {
  return z.strictObject({
    rows: z.int().min(100).default(1800).describe('rows to learn from before watching'),
    longest: z
      .number()
      .min(1)
      .default(4)
      .describe(
        'a live stream whose rows are not calm keeps learning, up to this many times the rows; 1 = uses the rows as they come',
      ),
    intervalMs: z.number().positive().default(1000).describe('time between rows of the grid, ms'),
    counters: z
      .record(z.string(), z.boolean())
      .default({})
      .describe(
        'channels by name: true = a counter, whose rate is watched (kWh/h for kWh, B/s for B); false = its value is watched; default: decided from readings, names and units',
      ),
    detector: z.enum(learnable).default('gon').describe('kind of detector to train'),
    seed: z.int().default(1).describe('same rows and seed give the same model'),
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('training options of that detector'),
  });
}

function streamWith(kinds: Kinds) {
  return z
    .strictObject({
      id: name.describe('name in topics and in the history'),
      source: choiceOf(kinds.sources),
      model: z
        .string()
        .optional()
        .describe(
          'model file; without it the stream first learns a model and keeps it in the state folder',
        ),
      learn: learnWith(kinds).prefault({}),
      windows: gapOptions.prefault({}),
      threshold: choiceOf(kinds.thresholds).prefault({ kind: DEFAULT_THRESHOLD }),
      alerts: alertOptionsWith(ownBudget).prefault({}),
      health: healthOptions.prefault({}),
      retrain: retrainOptions.prefault({}),
    })
    .refine(
      ({ model, retrain }) => model === undefined || !(retrain.everyHours || retrain.afterDrift),
      {
        path: ['retrain'],
        message:
          'only a stream without a model file is trained again: remove model, everyHours or afterDrift',
      },
    );
}

const general = z.strictObject({
  version: z
    .literal(NEWEST_VERSION)
    .default(NEWEST_VERSION)
    .describe('version of this file; older ones are read, and config migrate rewrites them'),
  node: name.optional().describe('name of this device in topics; default: the host name'),
  state: z
    .string()
    .optional()
    .describe(
      'folder of history, outbox and trained models; default: $STATE_DIRECTORY or .sentigon',
    ),
  plugins: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'ES modules with further kinds, as ./file.mjs beside this file or as installed packages; they have all rights of the daemon',
    ),
  engine: z
    .enum(engineNames)
    .default('auto')
    .describe('numerical engine; tensorflow needs the package @tensorflow/tfjs-node'),
  log: z
    .strictObject({ level: z.enum(logLevels).default('info').describe('lowest level to write') })
    .prefault({}),
  broker: brokerOptions.optional(),
  embedded: z
    .strictObject({
      enabled: z.boolean().default(true).describe('false: run without any broker'),
      port: z.int().min(0).max(65_535).default(1883).describe('0 takes any free port'),
    })
    .prefault({})
    .describe(
      'broker inside the daemon, started if there is no broker section and no other broker listens on its port',
    ),
  alerts: budgetOptions.prefault({}),
  store: storeOptions.prefault({}),
  vitals: vitalsOptions.prefault({}),
  update: updateOptions
    .prefault({})
    .describe('place and key of releases; only sentigon update looks for them'),
  metrics: metricsOptions
    .optional()
    .describe('metrics for Prometheus, served over HTTP at /metrics if this section is present'),
  web: webOptions
    .optional()
    .describe('web page with a login, served over HTTP if this section is present'),
});

function shapeWith(kinds: Kinds) {
  return general
    .extend({
      streams: z.array(streamWith(kinds)).min(1),
      sinks: z.array(choiceOf(kinds.sinks)).prefault([{ kind: 'mqtt' }]),
    })
    .superRefine(checkBudgets)
    .transform((file) => ({ ...file, streams: sharedBudget(file) }));
}

/** What a configuration file says, with defaults where it says nothing, and for each stream its share of what all share. */
export type ConfigFile = z.infer<ReturnType<typeof shapeWith>>;

/** What the daemon is built from: the file completed by what the surroundings say and plug-ins bring. */
export type Config = ConfigFile & {
  readonly node: string;
  readonly state: string;
  readonly kinds: Kinds;
};

export type StreamConfig = Config['streams'][number];
export type LearnConfig = StreamConfig['learn'];

/** Of a configuration that may choose from these kinds. */
export function configSchemaWith(kinds: Kinds): ZodType<ConfigFile> {
  return shapeWith(kinds);
}

export const configSchema: ZodType<ConfigFile> = configSchemaWith(builtInKinds);
