"""The same training step in PyTorch and transformers on a GPU, to be timed beside `dil-ort bench`.

Two rows a pair; LSIF on summed log-probabilities with given reference values; logits at response positions only; clip at
norm 1, fused AdamW over float32 weights; bfloat16 by autocast. One JSON object on the last line. Silent without torch.
"""
import argparse
import json
import re
import statistics
import sys
import time
from pathlib import Path


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", type=Path, required=True, help="folder with config.json")
    parser.add_argument("--config", type=Path, required=True, help="the configuration that dil-ort bench takes")
    parser.add_argument("--compute", choices=["float32", "bfloat16"], default="bfloat16")
    parser.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
    parser.add_argument("--steps", type=int, default=20)
    return parser.parse_args()


def number(text, key):
    return int(re.search(rf"^\s*{key}:\s*(\d+)", text, re.MULTILINE).group(1))


def main():
    args = arguments()
    try:
        import torch
        from transformers import LlamaConfig, LlamaForCausalLM
    except ImportError as missing:
        sys.exit(f"no peer: {missing}")
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = False
    text = args.config.read_text()
    pairs, length = number(text, "batch_pairs"), number(text, "max_length")
    prompt = length // 4
    shape = json.loads((args.shape / "config.json").read_text())
    shape.pop("torch_dtype")
    config = LlamaConfig(**shape, use_cache=False)
    with torch.device("cuda"):
        model = LlamaForCausalLM._from_config(config, attn_implementation=args.attention, dtype=torch.float32)
        ids = torch.randint(3, config.vocab_size, (2 * pairs, length))
    ids[pairs:, :prompt] = ids[:pairs, :prompt]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-7, weight_decay=0.0, fused=True)
    narrow = args.compute == "bfloat16"

    def logps():
        with torch.autocast("cuda", torch.bfloat16, enabled=narrow):
            hidden = model.model(input_ids=ids).last_hidden_state[:, prompt - 1:-1]
            logits = model.lm_head(hidden)
        targets = ids[:, prompt:]
        losses = torch.nn.functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction="none")
        return -losses.view(2 * pairs, -1).sum(-1)

    with torch.no_grad():
        reference = logps()

    def step():
        ratio = logps() - reference
        chosen, rejected = ratio[:pairs], ratio[pairs:]
        loss = (-chosen.exp() + 0.5 * (2 * rejected).exp()).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    for _ in range(5):
        step()
    times = []
    for _ in range(args.steps):
        torch.cuda.synchronize()
        began = time.perf_counter()
        step()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    median = statistics.median(times)
    tokens = 2 * pairs * length
    print(json.dumps({
        "torch": torch.__version__, "compute": args.compute, "attention": args.attention, "tokens_per_step": tokens,
        "tokens_per_second": round(tokens / median, 1), "median_step_seconds": round(median, 6),
        "gpu_memory_mib": torch.cuda.max_memory_reserved() >> 20,
        "parameters": sum(p.numel() for p in model.parameters())}))


main()
