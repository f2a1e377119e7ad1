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
import { MEMORY, memorySpanOf } from '../../../detectors/gon/memory.ts';
import { tensorOf } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import type { CompressibleModel, Compression, CompressionReport } from '../contract.ts';

const options = z.strictObject({});

export const memorySpan: Compression<z.infer<typeof options>> = {
  kind: 'span',
  summary: 'keeps the windows that a GON remembers in the span of its linear member',
  options,
  detectors: [gon.kind, ensemble.kind],
  admits: (model) => !gonOf(model).memorySpan && spanOf(model) !== undefined,
  compress(model) {
    const { memory, report } = inSpan(model);
    const lean = { ...gonOf(model), memorySpan: true };
    return Promise.resolve({
      design: { ...model.design, ...(model.kind === ensemble.kind ? { gon: lean } : lean) },
      tensors: { ...model.tensors, [MEMORY]: memory },
      report,
    });
  },
};

const ofEnsemble = z.object({ gon: gonDesign });

function gonOf(model: CompressibleModel): GonDesign {
  return model.kind === ensemble.kind
    ? readDesign(ofEnsemble, model).gon
    : readDesign(gonDesign, model);
}

/** Undefined if there is no span for the windows. */
function spanOf(model: CompressibleModel) {
  const { tensors, channels } = model;
  const design = gonOf(model);
  const shape = { rows: longestMember(design), width: channels.length };
  return memorySpanOf(tensors, design.linear, shape);
}

/** The coordinates of all stretches of all windows. Throws `ConfigError` where there is no span for them. */
function inSpan(model: CompressibleModel): {
  readonly memory: Model['tensors'][string];
  readonly report: CompressionReport;
} {
  const span = spanOf(model);
  const { memory: windows, memorySpan: done = false } = gonOf(model);
  if (!span || done) {
    const why = done
      ? 'are in the span already'
      : 'have no span: the model has no linear member whose length divides theirs';
    throw new ConfigError(`the remembered windows ${why}: leave the model as it is`, {
      code: 'SEN_CFG_COMPRESS',
    });
  }
  const { mean, components, stretches } = span;
  const cells = stretches * mean.length;
  const { data } = tensorOf(model.tensors, MEMORY, windows * cells);
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
