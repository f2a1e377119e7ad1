// The interface of TensorFlow.js, which is the same in pure JavaScript and with TensorFlow's own library.
import type * as tensorflow from '@tensorflow/tfjs';

export type TensorFlow = typeof tensorflow;
/** A tensor of TensorFlow; `Tensor` is one of the tape. */
export type TfTensor = tensorflow.Tensor;
