// node check.mjs FOLDER...
//
// Loads export folders with transformers.js, offline, in each form that expected.json beside the model tells of
// (conformance/GreedyTokens.java), and compares what it generates greedily, each prompt alone and all in one batch, padded on
// the left. Exit code 1 where they differ.
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

/** A scale for each call makes a batch differ from its rows alone. */
const ALONE = ['q8'];

for (const folder of process.argv.slice(2)) {
    const name = basename(folder);
    const same = [];
    let type = '';
    env.localModelPath = dirname(resolve(folder));
    for (const [dtype, expected] of Object.entries(JSON.parse(readFileSync(`${folder}/expected.json`)))) {
        const { prompts, tokens, new_tokens: newTokens } = expected;
        try {
            const model = await AutoModelForCausalLM.from_pretrained(name, { dtype, device: 'cpu' });
            type = model.config.model_type;
            const ends = [model.generation_config?.eos_token_id ?? model.config.eos_token_id ?? []].flat();
            let equal = ALONE.includes(dtype)
                || compare(`${name} ${dtype}, in a batch`, await generate(model, prompts, newTokens, ends), tokens);
            for (let i = 0; i < prompts.length; i++) {
                const alone = await generate(model, [prompts[i]], newTokens, ends);
                equal = compare(`${name} ${dtype}, prompt ${i} alone`, alone[0], tokens[i]) && equal;
            }
            await model.dispose();
            if (equal) {
                same.push(`${dtype} ${tokens.flat().length}`);
            }
        } catch (e) {
            console.log(`FAIL ${name} ${dtype}: ${String(e.message ?? e).split('\n')[0]}`);
            failed = 1;
        }
    }
    if (same.length > 0) {
        console.log(`ok   ${name} (${type}), tokens: ${same.join(', ')}`);
    }
}
process.exit(failed);
