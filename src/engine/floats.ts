/** Single precision everywhere, except where the plain engine is asked for double precision. */
export type Floats = Float32Array | Float64Array;
