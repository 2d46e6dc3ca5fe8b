// node check.mjs FOLDER...
//
// Loads export folders with transformers.js, offline, and compares what it generates greedily with expected.json beside the
// model (conformance/GreedyTokens.java), each prompt alone and all in one batch, padded on the left. Exit code 1 where they
// differ.
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { AutoModelForCausalLM, Tensor, env } from '@huggingface/transformers';

env.allowRemoteModels = false;
let failed = 0;

function tensor(rows, fill) {
    const flat = BigInt64Array.from(rows.flatMap((row) => row.map((id) => BigInt(fill ? fill(id) : id))));
    return new Tensor('int64', flat, [rows.length, rows[0].length]);
}

/** What the model adds to each prompt, up to its end of sequence. */
async function generate(model, prompts, newTokens, ends) {
    const length = Math.max(...prompts.map((prompt) => prompt.length));
    const padded = prompts.map((prompt) => [...Array(length - prompt.length).fill(-1), ...prompt]);
    const output = await model.generate({
        input_ids: tensor(padded, (id) => Math.max(id, 0)),
        attention_mask: tensor(padded, (id) => (id < 0 ? 0 : 1)),
        max_new_tokens: newTokens,
        do_sample: false,
    });
    return output.tolist().map((row) => {
        const answer = row.slice(length).map(Number);
        const end = answer.findIndex((id) => ends.includes(id));
        return end < 0 ? answer : answer.slice(0, end);
    });
}

function compare(name, actual, expected) {
    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
        console.log(`FAIL ${name}: got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
        failed = 1;
        return false;
    }
    return true;
}

for (const folder of process.argv.slice(2)) {
    const name = basename(folder);
    try {
        env.localModelPath = dirname(resolve(folder));
        const { prompts, tokens, new_tokens: newTokens } = JSON.parse(readFileSync(`${folder}/expected.json`));
        const model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32', device: 'cpu' });
        const ends = [model.generation_config?.eos_token_id ?? model.config.eos_token_id ?? []].flat();
        let same = compare(`${name}, in a batch`, await generate(model, prompts, newTokens, ends), tokens);
        for (let i = 0; i < prompts.length; i++) {
            const alone = await generate(model, [prompts[i]], newTokens, ends);
            same = compare(`${name}, prompt ${i} alone`, alone[0], tokens[i]) && same;
        }
        await model.dispose();
        if (same) {
            console.log(`ok   ${name} (${model.config.model_type}), ${tokens.flat().length} tokens`);
        }
    } catch (e) {
        console.log(`FAIL ${name}: ${String(e.message ?? e).split('\n')[0]}`);
        failed = 1;
    }
}
process.exit(failed);
