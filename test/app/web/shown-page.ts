// A page with much to show, of a daemon that is made up: long names, open and closed alerts, streams that learn, devices.

import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { openTab } from '../../../scripts/pictures/chromium.mjs';
import type { Alert } from '../../../src/core/alert.ts';
import type { BrokerOptions } from '../../../src/io/mqtt/options.ts';
import { alertOf } from '../../io/alerts.ts';
import { HEALTH } from '../../io/control.ts';
import { PASSWORD, servedPage } from './page-client.ts';

export const hasChromium = spawnSync('chromium', ['--version']).status === 0;

const LONG = 'zigbee2mqtt/freezer-in-the-cellar-behind-the-stairs.temperature_probe';
export const CHANNELS = [
  { id: 'disk.write', unit: 'MB/s' },
  { id: LONG, unit: '°C' },
  { id: 'pressure.memory', unit: '%' },
];
const SENTENCE = 'Disk writes 420 MB/s, normally under 35, for 40 s';

export function openAlert(startMs: number): Alert {
  return alertOf('open', 'updated', {
    ...{
      startMs,
      timeMs: startMs + 40_000,
      severity: 'critical',
      message: SENTENCE,
      reminder: true,
    },
    channels: [
      {
        id: 'disk.write',
        unit: 'MB/s',
        share: 0.7,
        value: 420.123,
        expected: 31,
        usual: { low: 0, high: 35.2 },
      },
      { id: LONG, unit: '°C', share: 0.3, value: -18.4, expected: -21.25 },
    ],
    now: [
      { id: 'pressure.memory', unit: '%', share: 0.8, value: 45, expected: 1 },
      { id: 'disk.write', unit: 'MB/s', share: 0.2, value: 120, expected: 31 },
    ],
    processes: [{ name: 'postgres-background-writer', pid: 123_456, share: 0.83 }],
  });
}

export function closedAlerts(startMs: number): Alert[] {
  const earlier = startMs - 3_600_000;
  const times = { startMs: earlier, endMs: earlier + 60_000, timeMs: earlier + 60_000 };
  return [
    alertOf('accepted', 'closed', { ...times, severity: 'critical', outcome: 'accepted' }),
    alertOf('routine', 'closed', { ...times, routine: 'day-6', silenced: true }),
    alertOf('plain', 'closed', { ...times, streamId: 'lathe', severity: 'info' }),
  ];
}

/** The page with a stream that is watched and one that learns, their channels, alerts of all kinds, and the rows of one. */
export async function shownPage(options: object = {}, broker?: BrokerOptions) {
  const nowMs = Date.now();
  const startMs = nowMs - 60_000;
  const streams = [
    {
      id: 'motor',
      channels: CHANNELS,
      intervalMs: 1000,
      model: { id: '0123456789', detector: 'gon' },
    },
    { id: 'lathe', channels: CHANNELS, intervalMs: 1000, model: null },
  ];
  const learning = { rows: 400, calmRows: null, neededRows: 1800 };
  const page = await servedPage(
    options,
    {
      info: () => ({ version: '1.2.3', node: 'pump1', configHash: 'a', streams }),
      health: () => ({
        ...HEALTH,
        streams: [
          { ...HEALTH.streams[0], lastMs: nowMs },
          { ...{ id: 'lathe', scored: 0, lastMs: null, score: null, silentS: null }, learning },
        ] as typeof HEALTH.streams,
      }),
      execute: (verb, request) => {
        page.asked.push([verb, request]);
        const quiet =
          'Until 2026-12-30, at any hour: alerts are not sent that blame only disk.write.';
        return Promise.resolve({
          status: 'ok',
          data: { quiet },
        });
      },
    },
    broker,
  );
  for (const alert of [openAlert(startMs), ...closedAlerts(startMs)])
    page.store.addAlert(alert, []);
  const rows = 300;
  page.rows.set('open', {
    ...{ id: 'open', channels: CHANNELS },
    timeMs: Float64Array.from({ length: rows }, (_, row) => nowMs - (rows - row) * 1000),
    values: Float64Array.from({ length: 3 * rows }, (_, n) => 30 + 10 * Math.sin(n / 40)),
  });
  for (let row = 0; row < 200; row += 1) {
    const timeMs = nowMs - (200 - row) * 1000;
    const score = row > 140 ? 3.5 : 0.3 + 0.2 * Math.sin(row / 9);
    page.tell((follower) => {
      follower.report({ streamId: 'motor', timeMs, score, level: 1, anomalous: score > 1 });
      for (const { id: streamId } of streams) {
        const values = [30 + Math.sin(row / 5), -20, row % 7];
        follower.row({ streamId, timeMs, channels: CHANNELS, values });
      }
    });
  }
  return page;
}

/** A tab of Chromium on the page, in which a password was sent; with the right one, when the daemon has told everything. */
export async function tabAt(
  url: string,
  {
    width = 768,
    password = PASSWORD,
    until = 'live',
  }: { width?: number; password?: string; until?: string } = {},
) {
  const tab = await openTab({ width, height: 900 });
  onTestFinished(() => tab.close());
  await tab.call('Page.enable');
  await tab.call('Page.navigate', { url });
  await tab.until(`document.querySelector('input[type=password]') !== null`);
  await tab.evaluate(`{
    const field = document.querySelector('input[type=password]');
    field.value = ${JSON.stringify(password)};
    field.form.submit();
  }`);
  const wrong = `document.querySelector('.fault')?.textContent === 'Wrong password.'`;
  await tab.until(
    until === 'live' ? `document.getElementById('connection')?.textContent === 'live'` : wrong,
  );
  return tab;
}
