import { describe, expect, it } from 'vitest';
import { createProgress, type Terminal } from '../../../src/app/cli/progress.ts';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const target: Terminal = { isTTY, columns: 60, write: (text) => written.push(text) };
  return { written, target };
}

describe('progress', () => {
  it('redraws one line on a terminal, never wider than it', () => {
    const { written, target } = terminal(true);
    const progress = createProgress(target, 'training', false);
    progress.update(0, 'step 0');
    progress.update(1, 'a text that is much longer than the sixty columns of this terminal');
    progress.end();
    expect(written).toHaveLength(3);
    expect(written[0]).toMatch(/training \[░+\] {3}0%/);
    expect(written[1]).toMatch(/training 100% .*…$/);
    expect(written[1]?.replace('\r\x1b[K', '').length).toBeLessThan(60);
    expect(written[2]).toBe('\n');
  });

  it('prints a JSON line per whole percent where it is asked to', () => {
    const { written, target } = terminal(false);
    const progress = createProgress(target, 'training', true);
    for (let step = 0; step <= 1000; step++) progress.update(step / 1000, '', { loss: 0.5 });
    progress.end();
    expect(written).toHaveLength(101);
    expect(JSON.parse(written[0] ?? '')).toEqual({ progress: 'training', fraction: 0, loss: 0.5 });
  });

  it('prints into a pipe what is said, and no bar', () => {
    const { written, target } = terminal(false);
    const progress = createProgress(target, 'training', false);
    progress.update(0.5, '');
    progress.say('one is done');
    progress.end();
    expect(written).toEqual(['one is done\n']);
  });

  it('says a line above the bar, which is drawn again at once', () => {
    const { written, target } = terminal(true);
    const progress = createProgress(target, 'training', false);
    progress.update(0.1, '');
    progress.say('one is done');
    progress.update(0.2, '');
    expect(written[1]).toBe('\r\x1b[Kone is done\n');
    expect(written[2]).toMatch(/█+░+\] {2}20%/);
  });

  it.each([20, 40, 79, 0])('keeps its figures on a terminal of %i columns (#21)', (columns) => {
    const { written, target } = terminal(true);
    const progress = createProgress({ ...target, columns }, 'training', false);
    progress.update(0.5, 'step 5 of 10');
    const line = written[0]?.replace('\r\x1b[K', '') ?? '';
    expect(line.length).toBeLessThan(columns || 80);
    expect(line).toContain('50%');
    if (columns !== 20) expect(line).toContain('step 5 of 10');
  });
});
