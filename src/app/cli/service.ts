// `sentigon service`: the daemon under systemd, from boot to boot.
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { thisMachine } from '../service/machine.ts';
import {
  installSteps,
  type Service,
  type Step,
  uninstallSteps,
  unitName,
} from '../service/service-steps.ts';

interface ServiceOptions {
  readonly instance?: string;
  readonly config?: string;
  readonly dryRun?: true;
}

export function serviceCommand(): Command {
  return new Command('service').addCommand(installCommand()).addCommand(uninstallCommand());
}

function installCommand(): Command {
  return new Command('install')
    .description('Write the unit, and an example configuration if there is none; enable and start.')
    .option(
      '--instance <name>',
      'name of a daemon among several on this machine, each with its own state',
      name,
    )
    .option(
      '-c, --config <file>',
      'default: /etc/sentigon/config.yaml; an instance always uses /etc/sentigon/<instance>.yaml',
    )
    .option('--dry-run', 'only print the steps')
    .addHelpText('after', '\nExample:\n  $ sudo sentigon service install --dry-run')
    .action(installService);
}

function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('Stop, disable and remove the unit; configuration and state are kept.')
    .option('--instance <name>', 'name of a daemon among several on this machine', name)
    .option('--dry-run', 'only print the steps')
    .action((options: ServiceOptions) => {
      carryOut(uninstallSteps(options, thisMachine), options);
      if (options.dryRun) return;
      const state = options.instance ? `sentigon-${options.instance}` : 'sentigon';
      print(
        `/etc/sentigon and /var/lib/${state} are kept: remove them yourself if you do not need them`,
      );
    });
}

/** Throws `DeviceError` where systemd or the rights for it are missing. */
export function installService({ instance, config, dryRun }: ServiceOptions): void {
  if (config !== undefined && !existsSync(config)) {
    throw new ConfigError(
      `${config} does not exist: write one with 'sentigon init --out ${config}'`,
      { code: 'SEN_CFG_FILE_MISSING' },
    );
  }
  const service: Service = {
    ...(instance !== undefined && { instance }),
    ...(config !== undefined && { config: resolve(config) }),
    node: realpathSync(process.execPath),
    main: fileURLToPath(new URL('../../main.js', import.meta.url)),
  };
  carryOut(installSteps(service, thisMachine), { dryRun });
  if (dryRun) return;
  const unit = unitName(service);
  print(`${unit} runs: follow it with 'journalctl -fu ${unit}', check it with 'sentigon doctor'`);
}

function carryOut(
  steps: readonly Step[],
  { dryRun }: { readonly dryRun?: true | undefined },
): void {
  if (!dryRun) requireSystemd();
  for (const { says, perform } of steps) {
    print(dryRun ? `would ${says}` : (says.split('\n')[0] ?? ''));
    if (!dryRun) perform();
  }
}

function requireSystemd(): void {
  if (!existsSync('/run/systemd/system')) {
    throw new DeviceError(
      "this machine does not use systemd: start 'sentigon run' with its own service manager",
      { code: 'SEN_DEV_NO_SYSTEMD' },
    );
  }
  if (process.getuid?.() !== 0) {
    throw new DeviceError('only root may write units: use sudo, or --dry-run to see the steps', {
      code: 'SEN_DEV_NOT_ROOT',
    });
  }
}

function name(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  throw new InvalidArgumentError('Expected letters, digits, - and _ only.');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
