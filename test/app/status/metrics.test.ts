import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { metricsOf } from '../../../src/app/status/metrics.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { exposition } from '../../../src/io/metrics/exposition.ts';
import { alertOf } from '../../io/alerts.ts';
import { controlOf } from '../../io/control.ts';
import { freePort } from '../../io/mosquitto.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { configOf, start } from '../daemon/setup.ts';
import { writeMachineModel, writeRecording } from '../recording.ts';

/** A comment, or a name with labels and a number. */
const LINE = /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? (-?[\d.e+-]+|NaN|[+-]Inf))$/;

describe('metrics', () => {
  it('tell of the daemon, of each stream, of open alerts and of silences', () => {
    const { control, standings } = controlOf(['motor', 'pump']);
    standings.set('pump', { maintenance: 'weekly' });
    const open = [alertOf('a'), alertOf('b'), alertOf('c', 'opened', { severity: 'critical' })];
    const openAlerts = (id: string) => (id === 'motor' ? open : []);
    const lines = exposition(metricsOf({ control, openAlerts })).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(LINE);
    expect(lines).toEqual(
      expect.arrayContaining([
        'sentigon_info{version="1.2.3",node="pump1"} 1',
        'sentigon_uptime_seconds 3600',
        'sentigon_resident_memory_bytes 71234567',
        'sentigon_event_loop_lag_seconds 0.0123',
        'sentigon_unsent_alert_states{sink="mqtt"} 2',
        'sentigon_dropped_alert_states_total 4',
        'sentigon_scored_rows_total{stream="motor"} 9',
        'sentigon_score_ratio{stream="motor"} 0.123456789',
        'sentigon_last_row_timestamp_seconds{stream="motor"} 1795521600',
        'sentigon_drift_ratio{stream="motor"} 1.5',
        'sentigon_expected_false_alarms_per_day{stream="motor"} 3',
        'sentigon_learning{stream="motor"} 0',
        'sentigon_silenced{stream="motor"} 0',
        'sentigon_silenced{stream="pump"} 1',
        'sentigon_open_alerts{stream="motor",severity="warning"} 2',
        'sentigon_open_alerts{stream="motor",severity="critical"} 1',
        'sentigon_open_alerts{stream="pump",severity="critical"} 0',
      ]),
    );
    const text = lines.join('\n');
    expect(text).not.toContain('score_ratio{stream="learning"}');
    expect(text).not.toContain('drift_ratio{stream="learning"}');
  });
});

describe('a daemon with a metrics section', () => {
  async function machine() {
    const folder = tempFolder();
    const faults = [[20, 50]] as const;
    const path = writeRecording(folder, 'bad-day.csv', { rows: 3000, seed: 2, faults });
    const model = await writeMachineModel(folder);
    return { id: 'machine', source: { kind: 'csv', path, speed: 40 }, model };
  }

  it('shows an alert of a stream while it is open, and stops listening with it', async () => {
    const port = await freePort();
    const { stop, outcome, log } = start(configOf([await machine()], { metrics: { port } }));
    const url = `http://127.0.0.1:${port}/metrics`;
    const text = async () => (await fetch(url)).text();
    const open = /sentigon_open_alerts\{stream="machine",severity="\w+"\} 1/;
    await expect.poll(text).toMatch(open);
    expect(await text()).toMatch(/sentigon_score_ratio\{stream="machine"\} [\d.]+/);
    await expect.poll(text).not.toMatch(open);
    expect(log).toContainEqual(expect.objectContaining({ url, msg: 'serving metrics' }));
    stop();
    await outcome;
    await expect(fetch(url)).rejects.toThrow();
  });

  it('does not start when the port is taken', async () => {
    const port = await freePort();
    const taken = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void taken.close());
    const { outcome } = start(configOf([await machine()], { metrics: { port } }));
    await expect(outcome).rejects.toThrow(ConfigError);
  });
});
