// `sentigon update`: another release in the place of this one.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { partIn, stateFolder, stateIn } from '../config/part.ts';
import { type UpdateOptions, updateOptions } from '../config/update-options.ts';
import { openTerminal } from '../init/terminal.ts';
import { listenForStop } from '../process/stop.ts';
import { configAtHand, configOfUnit, surroundingsOf } from '../service/places.ts';
import { rememberNews } from '../status/release-news.ts';
import {
  type Found,
  findRelease,
  type Installation,
  installationOf,
} from '../update/find-release.ts';
import { installRelease } from '../update/install-release.ts';
import { fileFor } from '../update/offer.ts';
import { wasPutBack } from '../update/staging.ts';
import { activeUnits } from '../update/units.ts';
import { numberOption } from './options.ts';

interface Options {
  readonly check?: true;
  readonly scheduled?: true;
  readonly from?: string;
  readonly publicKey?: string;
  readonly yes?: true;
  readonly allowDowngrade?: true;
  readonly settle: number;
  readonly config?: string;
  readonly json?: true;
}

const HELP = `
A release is installed only if its manifest is signed with update.publicKey and its file has the checksum in the manifest.
The state of each daemon is first copied into its backups. Running units are restarted. If one does not start and keep
running, the previous release is restored and the exit code is 75. The timer does not try that release again.

Examples:
  $ sentigon update --check
  $ sudo sentigon update --yes
  $ sudo sentigon update --from /media/stick/sentigon --yes
  $ sudo systemctl enable --now sentigon-update.timer      # looks once a day; installs where update.auto is true`;

export function updateCommand(): Command {
  return new Command('update')
    .option('--check', 'only show the release, install nothing')
    .option('--from <place>', 'URL or folder of releases; default: update.from')
    .option('--public-key <key>', 'ed25519 key in base64 or PEM file; default: update.publicKey')
    .option('--yes', 'install without asking')
    .option('--allow-downgrade', 'install the release even if it is older')
    .option('--settle <s>', 'seconds that restarted daemons must keep running', numberOption, 20)
    .option(
      '--scheduled',
      'as the timer does: install if update.auto is true, else only show the release',
    )
    .option('-c, --config <file>', "default: that of 'sentigon run', then the service's")
    .option('--json', 'with --check: as JSON')
    .addHelpText('after', HELP)
    .action(update);
}

async function update(options: Options): Promise<void> {
  const environment = readEnvironment();
  const config = configAtHand(options.config, environment);
  const settings = settingsOf(config, options);
  const installation = installationOf(fileURLToPath(new URL('../../main.js', import.meta.url)));
  const found = await findRelease(settings, installation);
  const states = statesOf(config, environment);
  rememberNews(states, found);
  print(options.json ? jsonOf(found) : textOf(found));
  const onlyShow = options.check === true || (options.scheduled === true && !settings.auto);
  if (onlyShow || found.standing === 'same') return;
  if (options.scheduled && !shouldInstallUnattended(found, installation)) return;
  const file = fileFor(found.release, found.here, {
    allowDowngrade: options.allowDowngrade === true,
  });
  requireRights(installation);
  if (!options.yes && !options.scheduled && !(await agrees(found))) return;
  const settleMs = options.settle * 1000;
  await installRelease(found, file, { installation, states, settleMs, tell: print });
  rememberNews(states, undefined);
}

/** Whether the timer should install it without a person. */
function shouldInstallUnattended({ release, standing }: Found, { staging }: Installation): boolean {
  if (standing === 'older') return false;
  if (!wasPutBack(staging, release.version)) return true;
  print(
    'this release failed before and is not installed automatically again: sudo sentigon update --yes',
  );
  return false;
}

function settingsOf(config: string | undefined, { from, publicKey }: Options): UpdateOptions {
  const written = config ? partIn(config, 'update', updateOptions.prefault({})) : undefined;
  return {
    ...(written ?? updateOptions.parse({})),
    ...(from !== undefined && { from }),
    ...(publicKey !== undefined && { publicKey }),
  };
}

/** Of the configuration that was found, and of all daemons that will be restarted. */
function statesOf(config: string | undefined, environment: Environment): readonly string[] {
  const configs = [config, ...activeUnits().map(configOfUnit)];
  return [...new Set(configs.map((file) => stateOf(file, environment)))];
}

function stateOf(config: string | undefined, environment: Environment): string {
  const surroundings = surroundingsOf(config, environment);
  if (config === undefined || !existsSync(config)) return stateFolder(surroundings);
  return stateIn(config, surroundings);
}

function requireRights({ kind }: Installation): void {
  if (kind !== 'deb' || process.getuid?.() === 0) return;
  throw new DeviceError('only root may install packages: sudo sentigon update --yes', {
    code: 'SEN_DEV_NOT_ROOT',
  });
}

async function agrees({ release, here }: Found): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new ConfigError('standard input is not a terminal: add --yes to install the release', {
      code: 'SEN_CFG_NO_TERMINAL',
    });
  }
  const stop = listenForStop();
  const terminal = openTerminal(process.stdin, process.stdout, stop.signal);
  try {
    const text = `Replace ${here.version} by ${release.version}: yes or no`;
    return /^y/i.test(await terminal.ask({ text, offered: 'no' }));
  } finally {
    terminal.close();
    stop.release();
  }
}

const STANDINGS = {
  newer: 'is newer than',
  same: 'is the running release',
  older: 'is older than',
} as const;

function textOf({ release, here, standing }: Found): string {
  const { version, releasedAt, notes } = release;
  const line = `release ${version} of ${releasedAt.slice(0, 10)} ${STANDINGS[standing]} ${here.version}`;
  return notes === undefined || standing !== 'newer' ? line : `${line}\n${notes.trimEnd()}`;
}

function jsonOf({ release, here, standing }: Found): string {
  const { version, releasedAt, notes } = release;
  return JSON.stringify({ running: here.version, release: version, releasedAt, standing, notes });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
