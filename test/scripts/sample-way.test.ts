import { describe, expect, it } from 'vitest';
import { sampleWay } from '../../scripts/sample-way.mjs';

describe("a sample's way", () => {
  it('leads from a source through the pipeline to the outbox, and is short enough', () => {
    const { files, lines, faults } = sampleWay('src');
    expect(faults).toEqual([]);
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('src/io/sources/host.ts');
    expect(paths).toContain('src/pipeline.ts');
    expect(paths).toContain('src/io/store/sqlite-store.ts');
    expect(lines).toBeGreaterThan(200);
  });

  it('is refused when it is longer than a limit', () => {
    const { faults } = sampleWay('src', { files: 3, lines: 100 });
    expect(faults).toEqual([
      expect.stringMatching(/^a sample's way leads through \d+ files, at most 3 may be$/),
      expect.stringMatching(/^a sample's way has \d+ lines, at most 100 may be$/),
    ]);
  });
});
