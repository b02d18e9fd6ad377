"""Embeddings of a published encoder with random weights in timm: name, batch, size."""

import sys

from protocol import packages, serve, threads

torch, timm = packages("torch", "timm")

name = sys.argv[1]
batch, size = map(int, sys.argv[2:])

torch.manual_seed(0)
torch.set_num_threads(threads())

model = timm.create_model(name, pretrained=False, num_classes=0).requires_grad_(False).eval()
images = torch.randn(batch, 3, size, size)


@torch.inference_mode()
def embed():
    model.forward_head(model.forward_features(images), pre_logits=True)


serve(f"timm {timm.__version__}, PyTorch {torch.__version__}, {torch.get_num_threads()} threads", {"embed": embed})
