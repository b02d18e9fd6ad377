"""One training step of a reconstructor in PyTorch: batch, rows, columns, width, depth, heads, doublings."""

import sys

from protocol import packages, serve, threads

(torch,) = packages("torch")
nn, F = torch.nn, torch.nn.functional

batch, rows, columns, width, depth, heads, doublings = map(int, sys.argv[1:])

torch.manual_seed(0)
torch.set_num_threads(threads())


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
        x = x + self.proj(mixed)
        return x + self.fc2(quick_gelu(self.fc1(self.norm2(x))))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        # Without biases, which BatchNorm would take away: as in ours.
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)

    def forward(self, x):
        hidden = quick_gelu(self.norm1(self.conv1(x)))
        return quick_gelu(x + self.norm2(self.conv2(hidden)))


class Reconstructor(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.norm = nn.LayerNorm(width)
        self.blocks = nn.Sequential(*[Block() for _ in range(depth)])
        stages, channels = [], width
        for i in range(doublings):
            stages.append(nn.ConvTranspose2d(channels, channels // 2, 4, stride=2, padding=1))
            channels //= 2
            stages += [Residual(channels) for _ in range(3 if i == doublings - 1 else 1)]
        self.stages = nn.Sequential(*stages, nn.Conv2d(channels, 3, 3, padding=1))

    def forward(self, tokens, memory_format):
        x = F.normalize(tokens, dim=2)
        x = self.blocks(self.norm(torch.cat([self.token.expand(batch, -1, -1), x], 1)))[:, 1:]
        x = x.transpose(1, 2).reshape(batch, width, rows, columns)
        return self.stages(x.contiguous(memory_format=memory_format))


def step_in(memory_format):
    network = Reconstructor().to(memory_format=memory_format)
    adam = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)
    tokens = torch.randn(batch, rows * columns, width)
    pictures = torch.randn(batch, 3, rows << doublings, columns << doublings)
    pictures = pictures.contiguous(memory_format=memory_format)

    def step():
        adam.zero_grad(set_to_none=True)
        F.mse_loss(network(tokens, memory_format), pictures).backward()
        adam.step()

    return step


serve(
    f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads",
    {
        "contiguous": step_in(torch.contiguous_format),
        "channels_last": step_in(torch.channels_last),
    },
)
