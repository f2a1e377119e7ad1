"""A case of an operation on a tape: inputs, the output, and the gradients of the inputs that have one.

What is no loss itself is led to the mean squared distance from a target. Inputs are values that single precision can
hold; everything else is double precision.
"""
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def versions():
    return {"python": sys.version.split()[0], "torch": torch.__version__}


def draw(*shape, spread=1.0):
    return (spread * torch.randn(*shape)).to(torch.float32).to(torch.float64)


def listed(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().reshape(-1).tolist()}


def split(x, heads):
    """(B, T, H) -> (B, heads, T, d)"""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def joined(x):
    return x.transpose(1, 2).flatten(2)


def case(function, free, fixed=(), loss=False):
    """`free` inputs come first and get gradients."""
    free = [x.clone().requires_grad_(True) for x in free]
    output = function(*free, *fixed)
    target = None if loss else draw(*output.shape)
    (output if loss else F.mse_loss(output, target)).backward()
    return {"inputs": [listed(x) for x in [*free, *fixed]], "output": listed(output.reshape(-1) if loss else output),
            "gradients": [listed(x.grad) for x in free], **({} if loss else {"target": listed(target)})}
