// `sentigon replay`: a recording through the whole daemon, with the clock of the recording.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { SinkError } from '../../core/errors.ts';
import { alertPayload } from '../../io/sinks/alert-payload.ts';
import { alertText } from '../alert-text.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { run } from '../daemon.ts';
import { createLog, type Log } from '../log.ts';
import { listenForStop } from '../signals.ts';
import { limitStop } from '../stop-limit.ts';
import { engineOption, namesOption, numberOption } from './options.ts';
import { recordingPath } from './recordings.ts';
import { type ReplayOptions, replayConfig } from './replay-config.ts';
import { createTally } from './tally.ts';

const EXAMPLE = `
Examples:
  $ sentigon replay tuesday.csv --model pump.safetensors
  $ sentigon replay host-faults --model host.safetensors
  $ sentigon replay tuesday.csv --model pump.safetensors --speed 60 --broker mqtt://127.0.0.1
Times are ISO 8601 (without a zone UTC) or Unix seconds, milliseconds, microseconds or nanoseconds by their size;
a header such as time[ms] says which. A row that is earlier than the one before it is a fault; rows of one time
count as one, with the means of their readings.
With --config the settings of one of its streams hold, and only its source is replaced.
With --state history and outbox are kept there: after a replay that was cut short, the same command sends every alert
that was saved and not acknowledged, and goes through the recording again without saving an alert twice.`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('Pass a recording through the daemon and print its alerts.')
    .argument('<recording>', '.csv or .csv.gz file, or the name of a data set')
    .option('-m, --model <file>', 'model file; without one the stream learns from its first rows')
    .option('-c, --config <file>', 'take the settings of a stream from this configuration')
    .option('--stream <id>', 'which stream of the configuration (default: its first)')
    .option(
      '--speed <x>',
      '1 = as recorded, 60 = a minute a second, 0 = as fast as it goes',
      numberOption,
      0,
    )
    .option('--broker <url>', 'publish to this broker')
    .option('--state <folder>', 'keep history and outbox here (default: a temporary folder)')
    .addOption(engineOption())
    .option('--ignore <columns>', 'columns that are no channels, with commas', namesOption)
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
  const tally = createTally();
  const log = warnings(environment);
  const stop = listenForStop();
  const limit = limitStop(stop.signal, log);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  let busy: readonly string[] = [];
  try {
    const outcome = await run(config, stop.signal, {
      log,
      limit,
      onReport: tally.report,
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
    if (unsent > 0) throw unsentError(unsent, options.broker);
  } finally {
    limit.done(busy);
    stop.release();
  }
}

/** Runs in the named folder, or in a temporary one that is removed afterwards. */
async function inStateFolder(
  named: string | undefined,
  work: (state: string) => Promise<void>,
): Promise<void> {
  if (named !== undefined) return work(named);
  const temporary = mkdtempSync(join(tmpdir(), 'sentigon-replay-'));
  try {
    await work(temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Alerts are printed; of the log only what went wrong is worth a line, and not among them. */
function warnings({ journald }: Environment): Log {
  const style = journald ? 'journald' : 'terminal';
  return createLog({ level: 'warn', style, write: (line) => void process.stderr.write(line) });
}

function unsentError(unsent: number, broker: string | undefined): SinkError {
  return new SinkError(
    `${unsent} alert states were not acknowledged by ${broker ?? 'the sinks'}: start the broker and replay again`,
  );
}
