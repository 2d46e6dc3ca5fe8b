// node speed.mjs EXPORT THREADS TOKENS: greedy tokens a second with transformers.js, one sequence at a time; the counterpart of
// conformance/DecodeSpeed.java.
import { basename, dirname, resolve } from 'node:path';
import { AutoModelForCausalLM, Tensor, env } from '@huggingface/transformers';

const [folder, threads, tokens] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
env.allowRemoteModels = false;
env.localModelPath = dirname(resolve(folder));
const model = await AutoModelForCausalLM.from_pretrained(basename(folder), {
    dtype: 'fp32',
    device: 'cpu',
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
});
const rates = [];
for (let run = 0; run < 7; run++) {
    const prompt = Array.from({ length: 8 }, (_, i) => 3 + ((run * 31 + i * 17) % (model.config.vocab_size - 3)));
    const began = performance.now();
    let made = 0;
    while (made < tokens) {
        const output = await model.generate({
            input_ids: new Tensor('int64', BigInt64Array.from(prompt.map(BigInt)), [1, 8]),
            attention_mask: new Tensor('int64', new BigInt64Array(8).fill(1n), [1, 8]),
            max_new_tokens: tokens,
            do_sample: false,
        });
        made += output.dims[1] - 8;
    }
    rates.push((1000 * made) / (performance.now() - began));
}
rates.sort((a, b) => a - b);
console.log(JSON.stringify({ tokens_per_second: Number(rates[3].toFixed(1)) }));
process.exit(0);
