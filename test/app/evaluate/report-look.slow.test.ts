// Reports as people see them, at the widths of a phone, a tablet and a screen, light and dark.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTab } from '../../../scripts/pictures/chromium.mjs';
import { reportPage } from '../../../src/app/evaluate/report-page.ts';
import type { RunRecord } from '../../../src/lab/judging/run-record.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { axeSource, LOOKS, overflowing, VIOLATIONS } from '../web/looks.ts';
import { hasChromium } from '../web/shown-page.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 24, 6);
const LONG = 'zigbee2mqtt/freezer-in-the-cellar-behind-the-stairs.temperature_probe';

/** Six hours, with an alert on a labelled stretch. */
function record(): RunRecord {
  const rows = 2160;
  const fault = (row: number) => row > 1000 && row < 1100;
  const channel = { id: LONG, unit: '°C' };
  const part = {
    ...channel,
    share: 0.9,
    value: 12.3,
    expected: -18,
    usual: { low: -19, high: -17 },
  };
  return {
    result: { dataset: 'host-faults', series: 'test', detector: 'gon', seed: 1, vusPr: 0.7 },
    timeMs: Array.from({ length: rows }, (_, row) => START_MS + row * 10_000),
    scores: Array.from({ length: rows }, (_, row) =>
      fault(row) ? 40 : 0.02 + 0.01 * Math.sin(row),
    ),
    levels: Array.from({ length: rows }, () => 0.9),
    segments: [{ start: 1000, end: 1100, kind: 'door' }],
    alerts: [
      {
        startMs: START_MS + 3 * HOUR_MS,
        endMs: null,
        peak: 44,
        channels: [part, { ...part, id: 'door' }],
      },
    ],
    curves: [
      {
        channel,
        share: 0.9,
        values: Array.from({ length: rows }, (_, row) => (fault(row) ? 12 : -18)),
      },
      { channel: { id: 'flow', unit: 'l/min' }, share: 0.1, values: [0.00276, null, 0.944] },
    ],
  } as unknown as RunRecord;
}

describe.skipIf(!hasChromium)('a report', () => {
  it('fits phones, tablets and screens, light and dark, and axe finds nothing (#21)', async () => {
    const path = join(tempFolder(), 'report.html');
    writeFileSync(path, reportPage(record()));
    const tab = await openTab({ width: 360, height: 900 });
    onTestFinished(() => tab.close());
    await tab.call('Page.enable');
    await tab.call('Page.navigate', { url: pathToFileURL(path).href });
    await tab.until(`document.querySelectorAll('svg').length === 3`);
    await tab.evaluate(axeSource);
    for (const look of LOOKS) {
      await tab.look(look);
      expect(await tab.evaluate(overflowing), JSON.stringify(look)).toEqual([]);
      expect(await tab.evaluate(VIOLATIONS), JSON.stringify(look)).toEqual([]);
    }
    expect(tab.faults).toEqual([]);
  }, 120_000);
});
