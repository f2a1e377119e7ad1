// `sentigon init`: writes a configuration from the answers to a few questions.
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { readEnvironment } from '../config/environment.ts';
import { DEFAULT_FILE } from '../config/part.ts';
import { type Answers, askAll, channelsIn, notABroker, notChannels } from '../init/answers.ts';
import { openTerminal, type Terminal } from '../init/terminal.ts';
import { refuseToOverwrite, writeStart } from '../init/write-start.ts';
import { listenForStop } from '../process/stop.ts';
import { SERVICE_CONFIG } from '../service/places.ts';
import { installService } from './service.ts';

interface InitOptions {
  readonly out?: string;
  readonly yes?: true;
  readonly force?: true;
  readonly service?: true;
  readonly broker?: string;
  readonly user?: string;
  readonly state?: string;
  readonly topics?: string;
}

const EXAMPLE = `
Examples:
  $ sentigon init                                   asks, then writes ${DEFAULT_FILE}
  $ sudo sentigon init --service                    asks, writes ${SERVICE_CONFIG}, installs the service
  $ sentigon init --yes --broker mqtt://10.0.0.2    asks nothing`;

export function initCommand(): Command {
  return new Command('init')
    .option('--out <file>', `default: ${DEFAULT_FILE}`)
    .option('--yes', 'do not ask: use the other options and the defaults')
    .option('--force', 'overwrite existing files')
    .option('--service', `write ${SERVICE_CONFIG} and install the service`)
    .option('--broker <url>', 'with --yes: broker for alerts')
    .option('--user <name>', 'with --yes: user name at the broker')
    .option(
      '--topics <list>',
      'with --yes: readings to watch instead of this machine, as name[unit]=topic',
    )
    .option('--state <folder>', 'with --yes: folder for models and history')
    .addHelpText('after', EXAMPLE)
    .action(init);
}

async function init(options: InitOptions): Promise<void> {
  const terminal = options.yes ? undefined : terminalHere();
  try {
    const service = options.service ?? (await wantsService(options, terminal));
    const file = options.out ?? (service ? SERVICE_CONFIG : DEFAULT_FILE);
    const force = options.force === true;
    refuseToOverwrite(file, force); // before the questions, so that no answers are lost
    const answers = terminal ? await askAll(terminal.ask) : answersIn(options);
    const [credentialStore] = readEnvironment().credentialStores;
    const written = writeStart(answers, {
      file,
      force,
      credentialStore: service ? credentialStore : undefined,
    });
    for (const path of written) print(`wrote ${path}`);
    if (service) installService({ config: file });
    else print(`next: sentigon config check ${file}, then sentigon run --config ${file}`);
  } finally {
    terminal?.close();
  }
}

/** Asked only if the service can be installed. */
async function wantsService(
  { out }: InitOptions,
  terminal: (Terminal & { readonly root: boolean }) | undefined,
): Promise<boolean> {
  if (!terminal?.root || out !== undefined || !existsSync('/run/systemd/system')) return false;
  const answer = await terminal.ask({
    text: 'Install as a service that starts at boot: yes or no',
    offered: 'yes',
    objection: (typed) => (/^(y|yes|n|no)$/i.test(typed) ? undefined : 'expected yes or no'),
  });
  return /^y/i.test(answer);
}

function terminalHere(): Terminal & { readonly root: boolean } {
  if (!process.stdin.isTTY) {
    throw new ConfigError(
      'standard input is not a terminal: give the answers as options, with --yes',
      { code: 'SEN_CFG_NO_TERMINAL' },
    );
  }
  const stop = listenForStop();
  const terminal = openTerminal(process.stdin, process.stdout, stop.signal);
  return {
    ...terminal,
    root: process.getuid?.() === 0,
    close() {
      terminal.close();
      stop.release();
    },
  };
}

function answersIn({ broker: url, user, state, topics }: InitOptions): Answers {
  const wrong = url === undefined ? undefined : notABroker(url);
  if (wrong !== undefined)
    throw new ConfigError(`--broker: found '${url}', ${wrong}`, { code: 'SEN_CFG_OPTION' });
  const odd = topics === undefined ? undefined : notChannels(topics);
  if (odd !== undefined) throw new ConfigError(`--topics: ${odd}`, { code: 'SEN_CFG_OPTION' });
  return {
    source:
      topics === undefined ? { kind: 'host' } : { kind: 'mqtt', channels: channelsIn(topics) },
    broker: url === undefined ? undefined : { url, username: user, password: undefined },
    state,
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
