import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gapOptions } from '../../../src/detection/windows/window-options.ts';

describe('window-options', () => {
  it('has a default, a unit and a description for each option', () => {
    const { properties } = z.toJSONSchema(gapOptions) as { properties: Record<string, object> };
    expect(Object.keys(properties)).toEqual(['maxGap', 'maxClockJumpMs', 'maxImputed']);
    for (const [name, option] of Object.entries(properties)) {
      expect(option, name).toMatchObject({
        default: expect.anything(),
        unit: expect.any(String),
        description: expect.any(String),
      });
    }
  });

  it('refuses unknown keys and impossible values', () => {
    for (const wrong of [
      { maxgap: 3 },
      { maxGap: 1.5 },
      { maxImputed: 1.1 },
      { maxClockJumpMs: -1 },
    ]) {
      expect(gapOptions.safeParse(wrong).success).toBe(false);
    }
  });
});
