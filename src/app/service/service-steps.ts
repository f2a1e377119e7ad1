// The steps of installing and uninstalling the service, so that a dry run prints exactly what a real one does.
import { ConfigError } from '../../core/errors.ts';
import { exampleConfig } from '../config/example.ts';
import type { Machine } from './machine.ts';
import { packagedUnit, type UnitFile, unitText } from './unit-text.ts';

export interface Service {
  /** One of several on this machine; undefined for the only one. */
  readonly instance?: string;
  /** Instead of /etc/sentigon/config.yaml; not for an instance, whose unit is that of all. */
  readonly config?: string;
  readonly node: string;
  readonly main: string;
}

export interface Step {
  readonly says: string;
  perform(): void;
}

/** Where distribution packages put units. */
const PACKAGED = '/usr/lib/systemd/system';
const OWN = '/etc/systemd/system';

/** Root's to write and everybody's to read: the service has a user of its own, and secrets are credentials. */
const MODE = 0o644;

export function unitName({ instance }: Pick<Service, 'instance'>): string {
  return instance === undefined ? 'sentigon.service' : `sentigon@${instance}.service`;
}

/** Throws `ConfigError` when an instance is to have a configuration that its unit does not read. */
export function installSteps(service: Service, machine: Machine): Step[] {
  const { instance, node, main } = service;
  const file = unitFile(service);
  const usual = `/etc/sentigon/${instance ?? 'config'}.yaml`;
  const config = service.config ?? usual;
  if (instance !== undefined && config !== usual) {
    throw new ConfigError(
      `found --config ${config} for instance '${instance}', expected ${usual}: put the file there`,
      { code: 'SEN_CFG_INSTANCE_FILE' },
    );
  }
  const steps: Step[] = [];
  if (!machine.exists(config)) {
    steps.push({
      says: `write ${config}: an example that watches this machine`,
      perform: () => machine.write(config, exampleConfig, MODE),
    });
  }
  if (config !== usual || !machine.exists(`${PACKAGED}/${file}`)) {
    const text = unitText(packagedUnit(file), {
      node,
      main,
      config: config === usual ? undefined : config,
      groups: machine.read('/etc/group') ?? '',
    });
    steps.push({
      says: `write ${OWN}/${file}:\n${text.replaceAll(/^(?=.)/gm, '    ')}`,
      perform: () => machine.write(`${OWN}/${file}`, text, MODE),
    });
  }
  return [
    ...steps,
    systemctl(machine, 'daemon-reload'),
    systemctl(machine, 'enable', '--now', unitName(service)),
  ];
}

/** Configurations, models and history stay. */
export function uninstallSteps(service: Pick<Service, 'instance'>, machine: Machine): Step[] {
  const path = `${OWN}/${unitFile(service)}`;
  const steps = [systemctl(machine, 'disable', '--now', unitName(service))];
  // other instances may need the common unit
  if (service.instance === undefined && machine.exists(path)) {
    steps.push({ says: `remove ${path}`, perform: () => machine.remove(path) });
  }
  return [...steps, systemctl(machine, 'daemon-reload')];
}

function unitFile({ instance }: Pick<Service, 'instance'>): UnitFile {
  return instance === undefined ? 'sentigon.service' : 'sentigon@.service';
}

function systemctl(machine: Machine, ...args: readonly string[]): Step {
  return {
    says: `run systemctl ${args.join(' ')}`,
    perform: () => machine.run('systemctl', ...args),
  };
}
