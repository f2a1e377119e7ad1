import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { measureStoreWrites } from '../../../scripts/store-writes.ts';
import { tempFolder } from '../temp-folder.ts';

it.skipIf(!existsSync('/proc/self/io'))('store writes less than 200 MB a day at 1 Hz', () => {
  const { mbPerDay, writtenBytes, fileBytes } = measureStoreWrites({
    folder: tempFolder(),
    hours: 2,
  });
  expect(writtenBytes).toBeGreaterThan(fileBytes); // it did count
  expect(fileBytes).toBeGreaterThan(2 * 3600 * 20); // and there was something to count
  expect(mbPerDay).toBeLessThan(200);
});
