'use strict';
const at = id => document.getElementById(id);
const columns = [];
let stopping = new AbortController();

function element(name, style, text) {
  const made = document.createElement(name);
  made.className = style;
  made.textContent = text;
  return made;
}

function headers() {
  const token = at('token').value;
  return { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
}

function fault(text) {
  at('fault').textContent = text;
  at('fault').hidden = text === '';
}

async function reason(response) {
  const said = await response.json().catch(() => ({}));
  return said.error?.message ?? `status ${response.status}`;
}

/** A column for each model; a server that wants a token gets the field for it. */
async function open() {
  const response = await fetch('v1/models', { headers: headers() });
  if (response.status === 401) {
    at('access').hidden = false;
    fault(at('token').value ? 'The token is not the server\'s.' : '');
    return;
  }
  if (!response.ok) {
    fault(await reason(response));
    return;
  }
  fault('');
  for (const model of (await response.json()).data) {
    const box = element('section', 'column', '');
    const head = element('header', '', '');
    const speed = element('span', 'speed', '');
    const turns = element('div', 'turns', '');
    head.append(element('h2', '', model.id), speed);
    box.append(head, turns);
    at('columns').append(box);
    columns.push({ name: model.id, turns, speed, said: [], plain: false });
  }
}

function request(column, text) {
  const logprobs = at('logprobs').checked;
  const system = at('system').value.trim();
  const begin = system ? [{ role: 'system', content: system }] : [];
  return {
    model: column.name,
    ...(column.plain ? { prompt: text } : { messages: [...begin, ...column.said, { role: 'user', content: text }] }),
    temperature: Number(at('temperature').value),
    max_tokens: Number(at('tokens').value),
    seed: Math.trunc(Number(at('seed').value)),
    ...(logprobs ? { logprobs: column.plain ? 5 : true, ...(column.plain ? {} : { top_logprobs: 5 }) } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** A model without a chat template goes on from the text alone. */
async function ask(column, text) {
  const send = () => fetch(column.plain ? 'v1/completions' : 'v1/chat/completions',
    { method: 'POST', headers: headers(), body: JSON.stringify(request(column, text)), signal: stopping.signal });
  let response = await send();
  if (response.status === 400 && !column.plain) {
    const why = await reason(response);
    if (!why.includes('template')) { throw new Error(why); }
    column.plain = true;
    response = await send();
  }
  if (!response.ok) { throw new Error(await reason(response)); }
  return response;
}

async function* events(response) {
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) { return; }
    rest += decoder.decode(value, { stream: true });
    const parts = rest.split('\n\n');
    rest = parts.pop();
    for (const part of parts) {
      const data = part.slice('data: '.length);
      if (data !== '[DONE]') { yield JSON.parse(data); }
    }
  }
}

/** Tokens with their probabilities, whichever of the two interfaces tells of them. */
function scored(logprobs) {
  if (logprobs?.content) {
    return logprobs.content.map(entry => ({ text: entry.token, logprob: entry.logprob,
      top: entry.top_logprobs.map(other => [other.token, other.logprob]) }));
  }
  return (logprobs?.tokens ?? []).map((text, i) => ({ text, logprob: logprobs.token_logprobs[i],
    top: Object.entries(logprobs.top_logprobs[i]) }));
}

function percent(logprob) {
  return `${(100 * Math.exp(logprob)).toFixed(1)} %`;
}

function show(turn, choice) {
  const tokens = scored(choice.logprobs);
  for (const token of tokens) {
    const span = element('span', 'token', token.text);
    span.style.setProperty('--sure', `${Math.round(100 * Math.exp(token.logprob))}%`);
    span.title = [`${percent(token.logprob)}`, ...token.top.map(([text, logprob]) => `${JSON.stringify(text)} ${percent(logprob)}`)]
      .join('\n');
    turn.append(span);
  }
  if (tokens.length === 0) {
    turn.append(choice.delta?.content ?? choice.text ?? '');
  }
}

async function answer(column, text) {
  column.turns.append(element('p', 'turn user', text));
  const turn = element('p', 'turn', '');
  column.turns.append(turn);
  column.speed.textContent = '';
  try {
    const began = performance.now();
    for await (const event of events(await ask(column, text))) {
      if (event.error) { throw new Error(event.error.message); }
      if (event.choices?.length) { show(turn, event.choices[0]); }
      if (event.usage) {
        const seconds = (performance.now() - began) / 1000;
        const count = event.usage.completion_tokens;
        column.speed.textContent = `${count} tokens, ${(count / seconds).toFixed(0)}/s`;
      }
      column.turns.scrollTop = column.turns.scrollHeight;
    }
    column.said.push({ role: 'user', content: text }, { role: 'assistant', content: turn.textContent });
  } catch (error) {
    turn.classList.add('failed');
    turn.append(error.name === 'AbortError' ? ' (stopped)' : `${error.message}`);
  }
}

at('ask').addEventListener('submit', async event => {
  event.preventDefault();
  if (columns.length === 0) { await open(); }
  const text = at('prompt').value;
  if (columns.length === 0 || text.trim() === '') { return; }
  at('prompt').value = '';
  stopping = new AbortController();
  at('send').disabled = true;
  at('stop').disabled = false;
  await Promise.all(columns.map(column => answer(column, text)));
  at('send').disabled = false;
  at('stop').disabled = true;
  at('prompt').focus();
});
at('prompt').addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !at('send').disabled) {
    event.preventDefault();
    at('ask').requestSubmit();
  }
});
at('stop').addEventListener('click', () => stopping.abort());
at('clear').addEventListener('click', () => {
  for (const column of columns) {
    column.turns.replaceChildren();
    column.said = [];
    column.speed.textContent = '';
  }
});
at('token').addEventListener('change', () => columns.length === 0 && open());
open().catch(error => fault(error.message));
