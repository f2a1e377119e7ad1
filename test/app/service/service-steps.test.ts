import { describe, expect, it } from 'vitest';
import { exampleConfig } from '../../../src/app/config/example.ts';
import type { Machine } from '../../../src/app/service/machine.ts';
import { installSteps, uninstallSteps } from '../../../src/app/service/service-steps.ts';

const NODE = '/usr/bin/node';
const MAIN = '/usr/lib/node_modules/sentigon/dist/main.js';

/** A machine of files in memory that writes down what is done to it. */
function machineWith(files: Record<string, string> = {}) {
  const has = new Map(Object.entries({ '/etc/group': 'root:x:0:\ndialout:x:20:pi\n', ...files }));
  const done: string[] = [];
  const machine: Machine = {
    exists: (path) => has.has(path),
    read: (path) => has.get(path),
    write(path, text) {
      has.set(path, text);
      done.push(`write ${path}`);
    },
    remove(path) {
      has.delete(path);
      done.push(`remove ${path}`);
    },
    run: (...words) => void done.push(words.join(' ')),
  };
  return { machine, has, done };
}

const UNIT = '/etc/systemd/system/sentigon.service';

describe('installing the service', () => {
  it('writes a configuration and the unit with the real paths, then enables and starts', () => {
    const { machine, has, done } = machineWith();
    const steps = installSteps({ node: NODE, main: MAIN }, machine);
    expect(done).toEqual([]);
    for (const step of steps) step.perform();
    expect(done).toEqual([
      'write /etc/sentigon/config.yaml',
      `write ${UNIT}`,
      'systemctl daemon-reload',
      'systemctl enable --now sentigon.service',
    ]);
    expect(has.get('/etc/sentigon/config.yaml')).toBe(exampleConfig);
    expect(has.get(UNIT)).toContain(
      `\nExecStart=${NODE} ${MAIN} run --config /etc/sentigon/config.yaml\n`,
    );
  });

  it('says in a dry run all that it does, with the whole unit', () => {
    const { machine, has, done } = machineWith();
    const steps = installSteps({ node: NODE, main: MAIN }, machine);
    const said = steps.map(({ says }) => says).join('\n');
    for (const step of steps) step.perform();
    for (const deed of done) expect(said).toContain(deed);
    for (const line of (has.get(UNIT) ?? '').split('\n')) expect(said).toContain(line);
  });

  it('names only groups that are there, because others would keep the service from starting', () => {
    const { machine, has } = machineWith();
    for (const step of installSteps({ node: NODE, main: MAIN }, machine)) step.perform();
    expect(has.get(UNIT)).toContain('\nSupplementaryGroups=dialout\n');
    const none = machineWith({ '/etc/group': 'root:x:0:\n' });
    for (const step of installSteps({ node: NODE, main: MAIN }, none.machine)) step.perform();
    expect(none.has.get(UNIT)).not.toContain('SupplementaryGroups');
  });

  it('lets the service see a Node that lives in a home, and quotes odd paths', () => {
    const { machine, has } = machineWith();
    const node = '/home/me/.nvm/versions/node/v20/bin/node';
    const main = '/srv/my things/100%/main.js';
    for (const step of installSteps({ node, main }, machine)) step.perform();
    expect(has.get(UNIT)).toContain('\nProtectHome=read-only\n');
    expect(has.get(UNIT)).toContain(`ExecStart=${node} "/srv/my things/100%%/main.js" run`);
  });

  it('writes neither a configuration nor a unit that is there already', () => {
    const { machine, done } = machineWith({
      '/etc/sentigon/config.yaml': 'mine',
      '/usr/lib/systemd/system/sentigon.service': 'packaged',
    });
    for (const step of installSteps({ node: NODE, main: MAIN }, machine)) step.perform();
    expect(done).toEqual(['systemctl daemon-reload', 'systemctl enable --now sentigon.service']);
  });

  it('gives an instance a configuration of its own and shares the unit', () => {
    const { machine, has, done } = machineWith();
    const service = { instance: 'pump', node: NODE, main: MAIN };
    for (const step of installSteps(service, machine)) step.perform();
    expect(done[0]).toBe('write /etc/sentigon/pump.yaml');
    expect(done.at(-1)).toBe('systemctl enable --now sentigon@pump.service');
    const unit = has.get('/etc/systemd/system/sentigon@.service');
    expect(unit).toContain('run --config /etc/sentigon/%i.yaml');
    expect(unit).toContain('StateDirectory=sentigon-%i');
  });

  it('reads a configuration elsewhere also where a package brought the unit', () => {
    const config = '/home/me/my things/100%.yaml';
    const { machine, has } = machineWith({
      [config]: 'mine',
      '/usr/lib/systemd/system/sentigon.service': 'packaged',
    });
    for (const step of installSteps({ config, node: NODE, main: MAIN }, machine)) step.perform();
    expect(has.get(UNIT)).toContain('run --config "/home/me/my things/100%%.yaml"\n');
    expect(has.get(UNIT)).toContain('\nProtectHome=read-only\n');
  });

  it('refuses an instance a configuration that its shared unit does not read', () => {
    const { machine } = machineWith({ '/srv/pump.yaml': 'mine' });
    const service = { instance: 'pump', node: NODE, main: MAIN };
    expect(() => installSteps({ ...service, config: '/srv/pump.yaml' }, machine)).toThrow(
      /expected \/etc\/sentigon\/pump\.yaml: put the file there/,
    );
    const usual = installSteps({ ...service, config: '/etc/sentigon/pump.yaml' }, machine);
    expect(usual.at(-1)?.says).toBe('run systemctl enable --now sentigon@pump.service');
  });
});

describe('uninstalling the service', () => {
  it('removes what installing wrote, but for configuration and state', () => {
    const { machine, has, done } = machineWith();
    for (const step of installSteps({ node: NODE, main: MAIN }, machine)) step.perform();
    done.length = 0;
    for (const step of uninstallSteps({}, machine)) step.perform();
    expect(done).toEqual([
      'systemctl disable --now sentigon.service',
      `remove ${UNIT}`,
      'systemctl daemon-reload',
    ]);
    expect(has.has('/etc/sentigon/config.yaml')).toBe(true);
  });

  it('leaves the unit that other instances share', () => {
    const { machine, done } = machineWith({ '/etc/systemd/system/sentigon@.service': 'unit' });
    for (const step of uninstallSteps({ instance: 'pump' }, machine)) step.perform();
    expect(done).toEqual([
      'systemctl disable --now sentigon@pump.service',
      'systemctl daemon-reload',
    ]);
  });
});
