// `sentigon doctor`: what keeps the daemon from working on this machine, and the command that fixes it.
import { Command } from 'commander';
import { DeviceError } from '../../core/errors.ts';
import { readEnvironment } from '../config/environment.ts';
import { examine } from '../doctor/examine.ts';
import { findingText } from '../doctor/finding.ts';
import { configAtHand, SERVICE_CONFIG } from '../service/places.ts';

const EXIT = `
The exit code is 0 when no check fails (warnings do not count), else 1.

Examples:
  $ sentigon doctor
  $ sudo sentigon doctor --config /etc/sentigon/pump.yaml --json`;

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('-c, --config <file>', `default: that of 'sentigon run', then ${SERVICE_CONFIG}`)
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', EXIT)
    .action(diagnose);
}

async function diagnose({ config, json }: { config?: string; json?: true }): Promise<void> {
  const environment = readEnvironment();
  const findings = await examine(configAtHand(config, environment), environment);
  const text = json ? JSON.stringify(findings, undefined, 2) : findings.map(findingText).join('\n');
  process.stdout.write(`${text}\n`);
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return;
  const subjects = [...new Set(failed.map(({ subject }) => subject))].join(', ');
  throw new DeviceError(
    `${failed.length} of ${findings.length} checks failed (${subjects}): see the fix below each`,
    { code: 'SEN_DEV_DOCTOR' },
  );
}
