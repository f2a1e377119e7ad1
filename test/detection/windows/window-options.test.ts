import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gapOptions, windowOptions } from '../../../src/detection/windows/window-options.ts';

describe('window-options', () => {
  it('has a default, a unit and a description for each option', () => {
    const { properties } = z.toJSONSchema(windowOptions) as {
      properties: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(properties)).toEqual([
      'intervalMs',
      'maxGap',
      'maxClockJumpMs',
      'maxImputed',
    ]);
    for (const option of Object.values(properties)) {
      expect(option).toMatchObject({
        default: expect.anything(),
        unit: expect.any(String),
        description: expect.any(String),
      });
    }
  });

  it('refuses unknown keys and impossible values', () => {
    expect(gapOptions.safeParse({ maxgap: 3 }).success).toBe(false);
    expect(windowOptions.safeParse({ intervalMs: 0 }).success).toBe(false);
    expect(windowOptions.safeParse({ maxGap: 1.5 }).success).toBe(false);
  });

  it('accepts window options where gap options are asked for', () => {
    const gaps: z.infer<typeof gapOptions> = windowOptions.parse({});
    expect(gaps.maxGap).toBe(gapOptions.parse({}).maxGap);
  });
});
