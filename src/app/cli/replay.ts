// `sentigon replay`: passes a recording through the whole daemon, with the clock of the recording.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { SinkError, SourceError } from '../../core/errors.ts';
import { onDisk } from '../../io/files/written-file.ts';
import { alertPayload } from '../../io/text/alert-payload.ts';
import type { LabelledSeries } from '../../lab/series/labelled-series.ts';
import { alertText } from '../alerts/alert-text.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import type { Config } from '../config/schema.ts';
import { run } from '../daemon/daemon.ts';
import { createLog, type Log } from '../log.ts';
import { limitStop, listenForStop } from '../process/stop.ts';
import { createWhatIf, whatIfText } from '../replay/what-if.ts';
import { labelledRecording, recordingPath } from './data-sets.ts';
import { engineOption } from './engine-option.ts';
import { namesOption, numberOption, rateOption, ratesOption } from './options.ts';
import { type ReplayOptions, replayConfig } from './replay-config.ts';
import { createTally } from './tally.ts';

const EXAMPLE = `
Examples:
  $ sentigon replay tuesday.csv --model pump.safetensors
  $ sentigon replay host-faults --model host.safetensors --what-if .2,1,5
  $ sentigon replay tuesday.csv --model pump.safetensors --speed 60 --broker mqtt://127.0.0.1
Times are ISO 8601 (UTC if there is no zone), or Unix seconds, milliseconds, microseconds or nanoseconds by their size;
a header such as time[ms] sets the unit. A row that is earlier than the one before it is an error. Rows with the same
time count as one row, with the means of their readings.
--what-if decides again on the same scores for each number of false alarms a day. It prints the alerts opened and, if the
recording has labels (the test part of a data set), how many faults were caught and how many alerts were false.
With --config the settings of one of its streams apply, and only its source is replaced.
With --state history and outbox are kept: after a replay that was interrupted, the same command sends every alert
that was saved and not acknowledged, and replays the recording again without saving an alert twice.`;

export function replayCommand(): Command {
  return new Command('replay')
    .argument('<recording>', '.csv or .csv.gz file, or the name of a data set')
    .option('-m, --model <file>', 'model file; without one the stream learns from its first rows')
    .option('-c, --config <file>', 'take the settings of a stream from this configuration')
    .option('--stream <id>', 'stream of the configuration (default: the first)')
    .option(
      '--speed <x>',
      '1 = as recorded, 60 = a minute per second, 0 = as fast as possible',
      numberOption,
      0,
    )
    .option('--broker <url>', 'publish to this broker')
    .option('--state <folder>', 'keep history and outbox here (default: a temporary folder)')
    .option(
      '--false-alarms-per-day <n>',
      'false alarms a day to set the alert level for (default: 1, or as configured)',
      rateOption,
    )
    .option(
      '--what-if <list>',
      'also print the alerts for other numbers of false alarms, e.g. .2,1,5',
      ratesOption,
    )
    .addOption(engineOption())
    .option('--ignore <columns>', 'columns that are not channels, separated by commas', namesOption)
    .option(
      '--skip-bad-rows',
      'leave out rows that cannot be read or go back in time, and count them',
    )
    .option('--json', 'alerts and summary as JSON lines')
    .addHelpText('after', EXAMPLE)
    .action((name: string, options: ReplayOptions & { json?: true }) =>
      inStateFolder(options.state, (state) => replay(name, { ...options, state })),
    );
}

async function replay(
  name: string,
  options: ReplayOptions & { readonly state: string; readonly json?: true },
): Promise<void> {
  const environment = readEnvironment();
  const recording = { name, path: recordingPath(name, 'test', environment) };
  const config = await replayConfig(recording, options, environment);
  const whatIf = createWhatIf(options.whatIf ?? []);
  const tally = createTally();
  const log = warnings(environment);
  const labelled = options.whatIf && labelsOf(recording.path, log);
  const stop = listenForStop();
  const limit = limitStop(stop.signal, log);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  let busy: readonly string[] = [];
  try {
    const outcome = await run(config, stop.signal, {
      log,
      limit,
      onReport: tally.report,
      ...(options.whatIf && { beside: whatIf.beside }),
      onAlert(alert) {
        tally.alert(alert);
        print(options.json ? JSON.stringify({ alert }) : alertText(alertPayload(alert)));
      },
    });
    const { unsent } = outcome;
    busy = outcome.busy;
    stop.signal.throwIfAborted();
    const summary = { ...tally.summary(), unsent };
    print(options.json ? JSON.stringify({ summary }) : tally.text());
    if (options.whatIf) {
      const outcomes = whatIf.outcomes(labelled);
      print(
        options.json
          ? JSON.stringify({ whatIf: outcomes })
          : whatIfText(outcomes, thresholdOf(config)),
      );
    }
    if (unsent > 0) throw unsentError(unsent, options.broker);
  } finally {
    limit.done(busy);
    stop.release();
  }
}

/** A recording that cannot be read as a whole, e.g. for a bad row that is skipped, is judged without its labels. */
function labelsOf(path: string, log: Log): LabelledSeries | undefined {
  try {
    return labelledRecording(path);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    log.warn(`the labels of the recording are not used: ${error.message}`);
    return undefined;
  }
}

function thresholdOf({ streams: [stream] }: Config): string {
  return stream?.threshold.kind ?? '';
}

/** Runs in the named folder, or in a temporary one that is removed afterwards. */
async function inStateFolder(
  named: string | undefined,
  work: (state: string) => Promise<void>,
): Promise<void> {
  if (named !== undefined) return work(named);
  const temporary = onDisk(tmpdir(), () => mkdtempSync(join(tmpdir(), 'sentigon-replay-')));
  try {
    await work(temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Standard output has the alerts, so warnings of the log go to standard error. */
function warnings({ journald }: Environment): Log {
  const style = journald ? 'journald' : 'terminal';
  return createLog({ level: 'warn', style, write: (line) => void process.stderr.write(line) });
}

function unsentError(unsent: number, broker: string | undefined): SinkError {
  return new SinkError(
    `${unsent} alert states were not acknowledged by ${broker ?? 'the sinks'}: start the broker and replay again`,
    { code: 'SEN_SNK_UNSENT' },
  );
}
