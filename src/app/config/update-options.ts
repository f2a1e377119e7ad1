import { z } from 'zod';

export const updateOptions = z.strictObject({
  from: z
    .string()
    .min(1)
    .optional()
    .describe('where releases are: an http(s) URL or a folder; it is not trusted'),
  publicKey: z
    .string()
    .min(1)
    .optional()
    .describe(
      'key that releases are signed with: an ed25519 key, 32 bytes in base64 or a PEM file',
    ),
  auto: z
    .boolean()
    .default(false)
    .describe(
      'true: the timer installs what is new; false: it only reports it, in its log and over MQTT',
    ),
});

export type UpdateOptions = z.infer<typeof updateOptions>;
