import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exchangeReleases } from '../../../src/app/update/exchange.ts';
import { DeviceError, UpdateError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';

/** A machine whose daemons come up. */
function systemctl() {
  const bin = tempFolder();
  const calls = join(bin, 'calls');
  writeFileSync(calls, '');
  writeFileSync(
    join(bin, 'systemctl'),
    `#!/bin/sh\necho "$*" >> ${calls}\n[ "$1" != show ] || printf 'ActiveState=active\\nNRestarts=0\\n'\n`,
    { mode: 0o755 },
  );
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  return () => readFileSync(calls, 'utf8').split('\n').filter(Boolean);
}

function failing(error: Error) {
  return () => {
    throw error;
  };
}

function exchange(put: () => void, back: () => void, onFault: () => void) {
  const replacement = { prepare: () => undefined, put, back, keep: () => '' };
  return exchangeReleases({
    ...{ replacement, units: ['sentigon.service'], states: [], from: '1.0.0', to: '1.1.0' },
    ...{ settleMs: 0, tell: () => undefined, onFault, now: () => 0 },
  });
}

describe('the exchange of releases', () => {
  it.each([
    new DeviceError('dpkg --install failed: no space left'),
    Object.assign(new Error('ENOSPC: no space left on device, rename'), { code: 'ENOSPC' }),
  ])(
    'starts the daemons again even when the previous release cannot be put back: $message',
    async (error) => {
      const calls = systemctl();
      const broken = failing(error);
      const onFault = vi.fn();
      const failed = exchange(broken, broken, onFault);
      await expect(failed).rejects.toThrow(
        /1\.1\.0 does not start .*, and neither does 1\.0\.0 \(.*no space left/,
      );
      await expect(failed).rejects.toMatchObject({ rolledBack: false });
      expect(onFault).toHaveBeenCalledOnce();
      const changed = calls().filter((call) => /^(stop|restart)/.test(call));
      expect(changed).toEqual(['stop sentigon.service', 'restart sentigon.service']);
    },
  );

  it('leaves the daemons alone when it could not even begin', async () => {
    const calls = systemctl();
    const locked = new UpdateError('nothing was changed: dpkg is in use by apt');
    const onFault = vi.fn();
    const failed = exchange(failing(locked), () => undefined, onFault);
    await expect(failed).rejects.toBe(locked);
    expect(onFault).not.toHaveBeenCalled();
    expect(calls()).toEqual([]);
  });
});
