import type { UnitProperties } from '../../service/system-programs.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

export function checkUnit(unit: string, properties: UnitProperties | undefined): Finding {
  if (!properties) return ok('service', 'no systemd here');
  const { LoadState, ActiveState, SubState, Result, NRestarts = '0', UnitFileState } = properties;
  if (LoadState !== 'loaded') {
    return warn('service', `${unit} is not installed`, 'sudo sentigon service install');
  }
  const logs = `journalctl -u ${unit} -n 50`;
  if (ActiveState === 'failed' || SubState === 'auto-restart') {
    return fail('service', `${unit} does not stay up (${Result}, ${NRestarts} restarts)`, logs);
  }
  if (ActiveState !== 'active') {
    return warn('service', `${unit} is ${ActiveState}`, `sudo systemctl start ${unit}`);
  }
  if (Number(NRestarts) > 0) {
    return warn('service', `${unit} runs, after ${NRestarts} restarts`, logs);
  }
  if (UnitFileState !== 'enabled') {
    const mend = `sudo systemctl enable ${unit}`;
    return warn('service', `${unit} runs, but will not after a reboot`, mend);
  }
  return ok('service', `${unit} runs`);
}
