import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';

describe('readEnvironment', () => {
  it('knows nothing in an empty environment', () => {
    expect(readEnvironment({})).toEqual({
      configFile: undefined,
      datasets: undefined,
      credentials: undefined,
      credentialStores: ['/etc/credstore', '/run/credstore', '/etc/credstore.encrypted'],
      stateDirectory: undefined,
      searchPath: '',
      journald: false,
      notified: false,
      watchdogMs: undefined,
    });
  });

  it('reads what systemd says', () => {
    const environment = readEnvironment({
      CREDENTIALS_DIRECTORY: '/run/credentials/sentigon.service',
      STATE_DIRECTORY: '/var/lib/sentigon:/var/lib/other',
      JOURNAL_STREAM: '8:1',
      NOTIFY_SOCKET: '/run/systemd/notify',
      WATCHDOG_USEC: '30000000',
    });
    expect(environment).toMatchObject({
      credentials: '/run/credentials/sentigon.service',
      stateDirectory: '/var/lib/sentigon',
      journald: true,
      notified: true,
      watchdogMs: 30_000,
    });
  });

  it('takes an empty variable for none', () => {
    expect(readEnvironment({ SENTIGON_CONFIG: '', NOTIFY_SOCKET: '', WATCHDOG_USEC: '' })).toEqual(
      readEnvironment({}),
    );
  });
});
