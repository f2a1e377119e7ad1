import { expect } from 'vitest';
import { type ZodType, z } from 'zod';

/** Expects of a method that is chosen by name: a summary, and options that are described, have defaults and refuse others. */
export function expectDescribed(
  kind: string,
  { summary, options }: { readonly summary: string; readonly options: ZodType },
): void {
  expect(summary.length).toBeGreaterThan(10);
  const schema = z.toJSONSchema(options) as { properties: Record<string, object> };
  for (const [name, option] of Object.entries(schema.properties)) {
    expect(option, `${kind}.${name}`).toMatchObject({
      description: expect.any(String),
      unit: expect.any(String),
    });
    expect(option, `${kind}.${name}`).toHaveProperty('default');
  }
  expect(options.safeParse({ nonsense: 1 }).success).toBe(false);
}
