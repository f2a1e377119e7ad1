import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import { healthOptions } from '../../../src/detection/alerts/health-options.ts';

describe.each([
  ['alert', alertOptions],
  ['health', healthOptions],
])('%s options', (_, options) => {
  it('have a default, a unit and a description each', () => {
    const { properties } = z.toJSONSchema(options) as { properties: Record<string, object> };
    expect(Object.keys(properties).length).toBeGreaterThan(3);
    for (const [name, option] of Object.entries(properties)) {
      expect(option, name).toMatchObject({
        default: expect.anything(),
        unit: expect.any(String),
        description: expect.any(String),
      });
    }
  });
});
