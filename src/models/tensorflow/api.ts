// What is used of TensorFlow.js: the same interface in JavaScript alone and with TensorFlow's own library behind it.
import type * as tensorflow from '@tensorflow/tfjs';

export type TensorFlow = typeof tensorflow;
/** One of TensorFlow's, where `Tensor` is one of the tape's. */
export type TfTensor = tensorflow.Tensor;
