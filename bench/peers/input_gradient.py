"""The gradient of a ViT-S/16 (QuickGELU, mean of tokens) for its input in PyTorch: batch, size."""

import sys

from protocol import packages, serve, threads

(torch,) = packages("torch")
nn, F = torch.nn, torch.nn.functional

batch, size = map(int, sys.argv[1:])
width, depth, heads, patch = 384, 12, 6, 16

torch.manual_seed(0)
torch.set_num_threads(threads())


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(b, n, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
        x = x + self.proj(mixed)
        hidden = self.fc1(self.norm2(x))
        return x + self.fc2(hidden * torch.sigmoid(1.702 * hidden))


class Vision(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.positions = nn.Parameter(0.02 * torch.randn(1, (size // patch) ** 2, width))
        self.blocks = nn.Sequential(*(Block() for _ in range(depth)))
        self.norm = nn.LayerNorm(width)

    def forward(self, images):
        tokens = self.patches(images).flatten(2).transpose(1, 2) + self.positions
        return self.norm(self.blocks(tokens)).mean(1)


model = Vision().requires_grad_(False).eval()
images = torch.randn(batch, 3, size, size, requires_grad=True)


def gradient():
    torch.autograd.grad(model(images).sum(), images)


serve(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", {"gradient": gradient})
