// node conformance/serve-load.mjs URL CLIENTS SECONDS MALFORMED
//
// Asks a running `./dil-ort serve` of the demo for many streamed answers at once, compares each with the answer that one client
// gets alone, then sends malformed requests. One JSON object for each part; exit code 1 where an answer was wrong, a stream
// broke off, or a malformed request got another status than 400, 404 or 405.

const [url, clients, seconds, malformed] = [process.argv[2], ...process.argv.slice(3).map(Number)];
let errors = 0;

async function ask(prompt) {
    const body = JSON.stringify({ prompt, temperature: 0, stream: true, max_tokens: 16 });
    const reply = await fetch(url + '/v1/completions', { method: 'POST', body });
    if (reply.status !== 200) {
        throw new Error(`status ${reply.status}`);
    }
    const decoder = new TextDecoder();
    let text = '';
    let unread = '';
    let done = false;
    for await (const bytes of reply.body) {
        unread += decoder.decode(bytes, { stream: true });
        for (let end; (end = unread.indexOf('\n\n')) >= 0; unread = unread.slice(end + 2)) {
            const data = unread.slice('data: '.length, end);
            done = data === '[DONE]';
            text += done ? '' : JSON.parse(data).choices[0].text;
        }
    }
    if (!done) {
        throw new Error('the stream broke off');
    }
    return text;
}

const expected = new Map();
for (let i = 0; i < 80; i++) {
    const prompt = `${10 + i}+${99 - i}=`;
    expected.set(prompt, await ask(prompt));
}
const prompts = [...expected.keys()];
const began = Date.now();
let answers = 0;
let wrong = 0;

async function client(number) {
    for (let i = 7 * number; Date.now() < began + 1000 * seconds; i++) {
        const prompt = prompts[i % prompts.length];
        try {
            wrong += (await ask(prompt)) === expected.get(prompt) ? 0 : 1;
            answers++;
        } catch (e) {
            errors++;
        }
    }
}
await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
console.log(JSON.stringify({ clients, seconds: (Date.now() - began) / 1000, answers, wrong, errors }));

let state = 7;
const random = (bound) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % bound;
};
const parts = ['{', '}', '[', ']', '"messages"', '"prompt"', ':', ',', '"role"', 'null', '1e999', '"a"', 'true', '"stop"', '-0'];
const paths = ['/v1/completions', '/v1/chat/completions', '/v1/models', '/nope', '/', '/health', '/v1/completions/'];
const methods = ['POST', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH'];
const statuses = {};

async function sendMalformed() {
    let body = '';
    for (let i = random(14); i >= 0; i--) {
        body += random(5) ? parts[random(parts.length)] : String.fromCharCode(1 + random(55000));
    }
    const reply = await fetch(url + paths[random(paths.length)], { method: methods[random(methods.length)], body });
    await reply.text();
    statuses[reply.status] = (statuses[reply.status] ?? 0) + 1;
}
for (let sent = 0; sent < malformed; sent += 16) {
    await Promise.all(Array.from({ length: Math.min(16, malformed - sent) }, sendMalformed));
}
console.log(JSON.stringify({ malformed, statuses }));
const odd = Object.keys(statuses).filter((status) => !['400', '404', '405'].includes(status));
process.exit(wrong || errors || odd.length ? 1 : 0);
