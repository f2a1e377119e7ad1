import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureRowWrites } from '../../../scripts/row-writes.ts';
import { tempFolder } from '../temp-folder.ts';

describe.skipIf(!existsSync('/proc/self/io'))('keeping rows', () => {
  it('costs little more than the rows themselves', async () => {
    const { keptShare, mbPerDay, fileBytes } = await measureRowWrites({
      folder: tempFolder(),
      ...{ hours: 3, channels: 19, rowsPerS: 1, bytesPerDay: 25e6 },
    });
    expect(keptShare).toBe(1);
    expect(fileBytes).toBeGreaterThan(3 * 3600 * 20 * 8);
    expect(mbPerDay).toBeLessThan(20); // 13.8 MB of rows
    expect(mbPerDay).toBeGreaterThan(13.8);
  });

  it('stays within its budget however fast rows come', async () => {
    const { keptShare, mbPerDay } = await measureRowWrites({
      folder: tempFolder(),
      ...{ hours: 6, channels: 19, rowsPerS: 10, bytesPerDay: 5e6 },
    });
    expect(keptShare).toBeLessThan(0.1);
    expect(keptShare).toBeGreaterThan(0.01);
    expect(mbPerDay).toBeLessThan(7);
  });
});
