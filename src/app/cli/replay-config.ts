// A replay is a daemon with one recorded stream.
import { basename } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import type { EngineName } from '../../models/load-engine.ts';
import type { Environment } from '../config/environment.ts';
import { complete, loadConfig } from '../config/load.ts';
import { type Config, configSchemaWith, type StreamConfig } from '../config/schema.ts';
import { builtInKinds, type Kinds } from '../plugins/kinds.ts';

export interface ReplayOptions {
  readonly model?: string;
  readonly config?: string;
  readonly stream?: string;
  readonly speed: number;
  readonly broker?: string;
  readonly state?: string;
  readonly engine?: EngineName;
  readonly ignore?: readonly string[];
  readonly skipBadRows?: true;
  /** Of the stream, instead of what its configuration says. */
  readonly falseAlarmsPerDay?: number;
  /** Others that are tried on the same scores. */
  readonly whatIf?: readonly number[];
}

/** Throws `ConfigError` when there is no such stream. */
export async function replayConfig(
  recording: { readonly name: string; readonly path: string },
  options: ReplayOptions & { readonly state: string },
  environment: Environment,
): Promise<Config> {
  const source = {
    kind: 'csv',
    path: recording.path,
    speed: options.speed,
    ignoreColumns: [...(options.ignore ?? [])],
    onBadRow: options.skipBadRows ? 'skip' : 'fail',
  };
  const { config: file, broker, state, model } = options;
  const settings = file ? await streamSettings(file, options.stream, environment) : undefined;
  const stream = {
    ...(settings?.stream ?? { id: streamName(recording.name) }),
    source,
    ...(model !== undefined && { model }),
  };
  const alerts = settings?.stream.alerts;
  const written = (falseAlarmsPerDay: number | undefined) => ({
    node: settings?.config.node,
    state,
    broker: broker === undefined ? settings?.config.broker : { url: broker },
    embedded: { enabled: false },
    store: settings?.config.store,
    engine: options.engine ?? settings?.config.engine,
    streams: [
      { ...stream, ...(falseAlarmsPerDay && { alerts: { ...alerts, falseAlarmsPerDay } }) },
    ],
    sinks: broker === undefined ? [] : [{ kind: 'mqtt' }],
  });
  const kinds = settings?.config.kinds ?? builtInKinds;
  // tried before the recording is passed
  for (const rate of options.whatIf ?? []) parsed(written(rate), kinds);
  return complete(parsed(written(options.falseAlarmsPerDay), kinds), environment, kinds);
}

function parsed(written: unknown, kinds: Kinds) {
  const result = configSchemaWith(kinds).safeParse(written);
  if (result.success) return result.data;
  const faults = faultTexts(result.error, written);
  throw new ConfigError(`replay: ${faults.join('; ')}`, { code: 'SEN_CFG_OPTION' });
}

async function streamSettings(
  file: string,
  id: string | undefined,
  environment: Environment,
): Promise<{ readonly config: Config; readonly stream: StreamConfig }> {
  const config = await loadConfig(file, environment);
  const stream = config.streams.find((each) => id === undefined || each.id === id);
  if (stream) return { config, stream };
  const known = config.streams.map((each) => each.id).join(', ');
  throw new ConfigError(`${file} has no stream '${id}': choose one of ${known}`, {
    code: 'SEN_CFG_UNKNOWN_STREAM',
  });
}

/** The name of the recording, in letters a topic may hold. */
function streamName(recording: string): string {
  const name = basename(recording).replace(/\.csv(\.gz)?$/, '');
  return name.replaceAll(/[^\w-]/g, '-') || 'replay';
}
