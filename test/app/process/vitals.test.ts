import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../../src/app/log.ts';
import { createJudge, startVitals, vitalsOptions } from '../../../src/app/process/vitals.ts';

function judged() {
  const said: { level: number; msg: string }[] = [];
  const log = createLog({
    level: 'info',
    style: 'json',
    write: (line) => void said.push(JSON.parse(line)),
  });
  return { judge: createJudge({ maxRssMb: 100, maxLagMs: 500 }, log), log, said };
}

const well = { rssBytes: 80e6, eventLoopLagMs: 3 };

describe('vitals', () => {
  it('tell once when memory passes its limit, and once when it is back', () => {
    const { judge, said } = judged();
    for (const rssMb of [80, 101, 140, 150, 90, 80]) judge({ ...well, rssBytes: rssMb * 1e6 });
    expect(said).toMatchObject([
      { level: 40, rssMb: 101, limit: 100, msg: 'the daemon exceeds its memory limit' },
      { level: 30, rssMb: 90 },
    ]);
  });

  it('tell once when the event loop is late', () => {
    const { judge, said } = judged();
    for (const eventLoopLagMs of [10, 501, 2000, 10]) judge({ ...well, eventLoopLagMs });
    expect(said).toMatchObject([
      { level: 40, lagMs: 501, limit: 500, msg: 'the event loop is delayed' },
      { level: 30, lagMs: 10 },
    ]);
  });

  it('measure how long the event loop was blocked', async () => {
    const { log } = judged();
    const vitals = startVitals(vitalsOptions.parse({}), log);
    onTestFinished(() => vitals.close());
    await new Promise((resolve) => setTimeout(resolve, 250));
    const endMs = performance.now() + 600;
    while (performance.now() < endMs); // a score that takes too long
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { eventLoopLagMs, rssBytes } = vitals.read();
    expect(eventLoopLagMs).toBeGreaterThan(300);
    expect(eventLoopLagMs).toBeLessThan(20_000);
    expect(rssBytes).toBeGreaterThan(10e6);
  });
});
