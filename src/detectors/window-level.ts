// The level of a window, which drifts with load and season while the shape stays. Hot: writes in place.

/** Takes each channel's mean over the rows off `values`, (T, C) row-major, and writes it into `levels`, (C,). */
export function removeLevel(values: Float32Array, levels: Float32Array): void {
  const width = levels.length;
  const rows = values.length / width;
  for (let c = 0; c < width; c += 1) {
    let sum = 0;
    for (let i = c; i < values.length; i += width) sum += values[i] as number;
    const level = sum / rows;
    levels[c] = level;
    for (let i = c; i < values.length; i += width) values[i] = (values[i] as number) - level;
  }
}
