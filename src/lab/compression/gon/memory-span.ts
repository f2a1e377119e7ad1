// The remembered windows of a GON in the span of its linear member: most of its size is memory, and the components are in the
// model anyway.
//
// Notation   x a stretch of a window, m mean, V components; c = V (x - m) is kept in its place, x' = m + V'c is what it means.
//            A distance to a remembered window is off by |x - x'| at most, so that the order of neighbours that are further
//            apart than twice that does not change.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { readDesign } from '../../../detectors/detector-plugin.ts';
import { ensemble } from '../../../detectors/ensemble/ensemble.ts';
import { type GonDesign, gonDesign, longestMember } from '../../../detectors/gon/design.ts';
import { gon } from '../../../detectors/gon/gon.ts';
import { MEMORY, type MemorySpan, memorySpanOf } from '../../../detectors/gon/memory.ts';
import { tensorOf } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import type { CompressibleModel, Compression, CompressionReport } from '../contract.ts';

const options = z.strictObject({});

export const memorySpan: Compression<z.infer<typeof options>> = {
  kind: 'span',
  summary: 'keeps the windows that a GON remembers in the span of its linear member',
  options,
  detectors: [gon.kind, ensemble.kind],
  admits: (model) => readMemory(model).span !== undefined,
  compress(model) {
    const { design, span } = readMemory(model);
    if (!span) {
      const why = design.memorySpan
        ? 'are in the span already'
        : 'have no span: the model has no linear member whose length divides theirs';
      throw new ConfigError(`the remembered windows ${why}: leave the model as it is`, {
        code: 'SEN_CFG_COMPRESS',
      });
    }
    const { memory, report } = inSpan(span, model.tensors, design.memory);
    const lean = { ...design, memorySpan: true };
    return Promise.resolve({
      design: { ...model.design, ...(model.kind === ensemble.kind ? { gon: lean } : lean) },
      tensors: { ...model.tensors, [MEMORY]: memory },
      report,
    });
  },
};

const ofEnsemble = z.object({ gon: gonDesign });

/** `span` is undefined if there is none for the windows, or if they are in it already. */
function readMemory(model: CompressibleModel): {
  readonly design: GonDesign;
  readonly span: MemorySpan | undefined;
} {
  const { kind, tensors, channels } = model;
  const design =
    kind === ensemble.kind ? readDesign(ofEnsemble, model).gon : readDesign(gonDesign, model);
  const shape = { rows: longestMember(design), width: channels.length };
  const span = design.memorySpan ? undefined : memorySpanOf(tensors, design.linear, shape);
  return { design, span };
}

/** The coordinates of all stretches of all windows. */
function inSpan(
  { mean, components, stretches }: MemorySpan,
  tensors: Model['tensors'],
  windows: number,
): { readonly memory: Model['tensors'][string]; readonly report: CompressionReport } {
  const cells = stretches * mean.length;
  const { data } = tensorOf(tensors, MEMORY, windows * cells);
  const count = components.length / mean.length;
  const coordinates = new Float32Array(windows * stretches * count);
  let [whole, left] = [0, 0];
  const centred = new Float64Array(mean.length);
  for (let stretch = 0; stretch < windows * stretches; stretch++) {
    for (let i = 0; i < centred.length; i++) {
      centred[i] = (data[stretch * mean.length + i] as number) - (mean[i] as number);
      whole += (centred[i] as number) ** 2;
    }
    left += project(
      centred,
      components,
      coordinates.subarray(stretch * count, (stretch + 1) * count),
    );
  }
  const part = {
    name: MEMORY,
    before: cells,
    after: stretches * count,
    error: whole > 0 ? left / whole : 0,
  };
  return {
    memory: { shape: [windows, stretches * count], data: coordinates },
    report: { removed: 1 - part.after / part.before, parts: [part], untouched: [] },
  };
}

/** Writes V x, and returns the square of what x has outside of the span. */
function project(x: Float64Array, components: Float32Array, into: Float32Array): number {
  let left = x.reduce((sum, value) => sum + value ** 2, 0);
  for (let k = 0; k < into.length; k++) {
    const row = components.subarray(k * x.length, (k + 1) * x.length);
    const coordinate = x.reduce((sum, value, i) => sum + value * (row[i] as number), 0);
    into[k] = coordinate;
    left -= coordinate ** 2;
  }
  return Math.max(0, left);
}
