/** Single precision, or double precision for the plain engine on request. */
export type Floats = Float32Array | Float64Array;
