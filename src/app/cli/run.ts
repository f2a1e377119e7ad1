// `sentigon run`: starts the daemon.
import { Command } from 'commander';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { complete, loadConfig, parseConfig } from '../config/load.ts';
import { configFile, DEFAULT_FILE } from '../config/part.ts';
import { type Config, configSchema } from '../config/schema.ts';
import { run } from '../daemon/daemon.ts';
import { listenForReload } from '../daemon/reload.ts';
import { createNotifier } from '../daemon/systemd-notify.ts';
import { createLog, type LogLevel } from '../log.ts';
import { limitStop, listenForStop } from '../process/stop.ts';
import { keepFilesPrivate } from '../state/state-folder.ts';
import { createPulse } from '../streams/pulse.ts';

/** Watched when nothing is configured. */
const THIS_HOST = `
streams: [{ id: host, source: { kind: host } }]
sinks: [{ kind: mqtt }, { kind: log }]
`;

const EXAMPLE = `
Without a configuration the daemon watches this machine. It learns for half an hour what is normal, keeps the model in
.sentigon, and reports anomalies over MQTT on 127.0.0.1:1883, to a broker that runs there or else to its own.

Examples:
  $ sentigon run
  $ sentigon run --config /etc/sentigon/sentigon.yaml
With a configuration file, SIGHUP reads it again; streams that have not changed keep running.
Stop the daemon with Ctrl-C or SIGTERM: it writes everything and ends within five seconds. A second signal ends it at once.`;

export function runDaemonCommand(): Command {
  return new Command('run')
    .option('-c, --config <file>', `default: SENTIGON_CONFIG, then ${DEFAULT_FILE}`)
    .addHelpText('after', EXAMPLE)
    .action(({ config }: { config?: string }) => runDaemon(config));
}

async function runDaemon(named: string | undefined): Promise<void> {
  keepFilesPrivate();
  const environment = readEnvironment();
  const file = configFile(named, environment);
  const config = file ? await loadConfig(file, environment) : hostConfig(environment);
  const log = daemonLog(config.log.level, environment.journald);
  if (!file) {
    log.info(
      { state: config.state },
      `found no ${DEFAULT_FILE}: watching this machine; 'sentigon config example' prints a configuration`,
    );
  }
  const stop = listenForStop();
  const limit = limitStop(stop.signal, log);
  const pulse = createPulse();
  const notifier = createNotifier(environment, log, pulse.stalled);
  const reload =
    file && !process.stdout.isTTY // there a hang-up is the end of the terminal
      ? listenForReload({ read: () => loadConfig(file, environment), log, notifier })
      : undefined;
  try {
    const { unsent, busy } = await run(config, stop.signal, {
      log,
      limit,
      notifier,
      pulse,
      onRunning: (apply) => reload?.attach(apply),
      ...(reload && { reload: reload.ask }),
    });
    log.info({ unsent, ...(busy.length > 0 && { busy }) }, 'stopped');
    limit.count(() => unsent);
    limit.done(busy);
  } catch (error) {
    limit.done();
    throw error;
  } finally {
    reload?.release();
    stop.release();
  }
}

function hostConfig(environment: Environment): Config {
  return complete(parseConfig(THIS_HOST, 'built-in', configSchema), environment);
}

function daemonLog(level: LogLevel, journald: boolean) {
  const style = journald ? 'journald' : process.stdout.isTTY ? 'terminal' : 'json';
  return createLog({ level, style, write: (line) => void process.stdout.write(line) });
}
