// What an `encoder` model says of itself.
import { z } from 'zod';
import { designPointSchema } from '../../models/design-point.ts';
import { halfLives } from '../scoring/design.ts';

export const normalisation = z.enum(['none', 'level', 'level-and-spread']);

export const encoderDesign = z.object({
  encoder: z.object({
    point: designPointSchema,
    /** T, rows of a window. */
    rows: z.int().positive(),
    /** p, rows of a patch; divides T. */
    patch: z.int().positive(),
    /** G, passes a window: each hides the newest patch of another share of the channels. */
    groups: z.int().positive(),
    normalisation,
    halfLives,
  }),
});

export type EncoderDesign = z.infer<typeof encoderDesign>['encoder'];
