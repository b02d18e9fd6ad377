"""One training step of a sparse autoencoder in PyTorch: variant (relu or topk), batch, d, latents."""

import sys

from protocol import packages, serve, threads

(torch,) = packages("torch")

variant = sys.argv[1]
batch, d, latents = map(int, sys.argv[2:])
k, l1 = 32, 1e-3

torch.manual_seed(0)
torch.set_num_threads(threads())
x = torch.randn(batch, d)
decoder = torch.nn.functional.normalize(torch.randn(latents, d), dim=1)
W_enc = decoder.T.clone().contiguous().requires_grad_()
W_dec = decoder.clone().requires_grad_()
b_enc = torch.zeros(latents, requires_grad=True)
b_dec = torch.zeros(d, requires_grad=True)
adam = torch.optim.Adam([W_enc, b_enc, W_dec, b_dec], lr=1e-4, fused=True)


def step():
    # Subtracting b_dec through the bias spares its gradient a product over the batch.
    pre = torch.addmm(b_enc - b_dec @ W_enc, x, W_enc)
    if variant == "relu":
        codes = torch.relu(pre)
        reconstruction = torch.addmm(b_dec, codes, W_dec)
        loss = ((reconstruction - x) ** 2).sum() / batch + l1 * codes.sum() / batch
    else:
        values, indices = torch.topk(pre, k, dim=1, sorted=False)
        codes = torch.zeros_like(pre).scatter(1, indices, torch.relu(values))
        reconstruction = torch.addmm(b_dec, codes, W_dec)
        loss = ((reconstruction - x) ** 2).sum() / batch
    adam.zero_grad(set_to_none=True)
    loss.backward()
    with torch.no_grad():
        gradient = W_dec.grad
        gradient.sub_((gradient * W_dec).sum(1, keepdim=True) * W_dec)
        adam.step()
        W_dec.div_(W_dec.norm(dim=1, keepdim=True))


serve(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads", {"step": step})
